"""Identity's tokens for members: one for the gateway, exchanged there for one per service (RFC 8693)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from chassis.auth.claims import MemberClaims
from chassis.auth.keys import SigningKey
from chassis.auth.tokens import MEMBER_TOKEN_TYPE, signed_token
from chassis.clock import Clock
from chassis.device_keys import device_key_id, public_jwk

MEMBER_AUDIENCE = "guildhall"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and how long it is good for."""

    text: str
    expires_at: datetime
    lifetime_seconds: int


class IssuerKeys(Protocol):
    """The key that signs now, and all by which a token may be signed."""

    def signing(self) -> SigningKey: ...

    def published(self) -> Sequence[SigningKey]: ...


class TokenIssuer:
    """Identity's issuer of member tokens; `issuer` is PUBLIC_URL."""

    def __init__(
        self,
        keys: IssuerKeys,
        issuer: str,
        clock: Clock,
        *,
        access_seconds: int = 600,
        internal_seconds: int = 60,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._access_seconds = access_seconds
        self._internal_seconds = internal_seconds

    def access_token(
        self,
        *,
        member_id: UUID,
        session_id: UUID,
        device_public_key: bytes,
        authenticated_at: datetime | None = None,
        exits_only: bool = False,
        wallet_address: str | None = None,
    ) -> IssuedToken:
        """What a client shows at the gateway; no service but identity takes it."""
        now = _whole_second(self._clock.now())
        claims = MemberClaims(
            member_id=member_id,
            session_id=session_id,
            device_key_id=device_key_id(device_public_key),
            device_public_key=device_public_key,
            audience=MEMBER_AUDIENCE,
            expires_at=now + timedelta(seconds=self._access_seconds),
            authenticated_at=authenticated_at,
            exits_only=exits_only,
            wallet_address=wallet_address,
        )
        return self._issued(claims, now)

    def internal_token(self, claims: MemberClaims, audience: str) -> IssuedToken:
        """The same claims for one service (RFC 8693), never longer than the token they came from."""
        now = _whole_second(self._clock.now())
        exchanged = replace(
            claims,
            audience=audience,
            expires_at=min(claims.expires_at, now + timedelta(seconds=self._internal_seconds)),
        )
        return self._issued(exchanged, now)

    def jwk_set(self) -> dict[str, list[dict[str, str]]]:
        """What identity publishes at /.well-known/jwks.json."""
        return {"keys": [key.jwk() for key in self._keys.published()]}

    def _issued(self, claims: MemberClaims, now: datetime) -> IssuedToken:
        body: dict[str, Any] = {
            "iss": self._issuer,
            "sub": str(claims.member_id),
            "aud": claims.audience,
            "sid": str(claims.session_id),
            "cnf": {"jkt": claims.device_key_id, "jwk": public_jwk(claims.device_public_key)},
            "iat": int(now.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        if claims.authenticated_at is not None:
            body["auth_time"] = int(claims.authenticated_at.timestamp())
        if claims.exits_only:
            body["exits_only"] = True
        if claims.wallet_address is not None:
            body["wallet"] = claims.wallet_address
        lifetime_seconds = int((claims.expires_at - now).total_seconds())
        return IssuedToken(
            signed_token(self._keys.signing(), MEMBER_TOKEN_TYPE, body), claims.expires_at, lifetime_seconds
        )


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
