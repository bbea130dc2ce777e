"""Tokens are verified here, once each: by key, type, issuer, audience and time; then remembered by hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError

from chassis.auth.bounded_cache import BoundedCache
from chassis.auth.claims import Claims, MemberClaims, ServiceClaims
from chassis.auth.jwks_client import JwksClient, KeySource
from chassis.auth.keys import ALGORITHM, VerifyingKey
from chassis.auth.service_keys import ServiceKeys
from chassis.auth.tokens import MEMBER_TOKEN_TYPE, SERVICE_TOKEN_TYPE
from chassis.clock import Clock
from chassis.device_keys import PublicKeyMalformed, device_key_id, read_public_key
from chassis.peers import Peers, PeerUnavailable
from chassis.settings import ServiceSettings

JWKS_PATH = "/.well-known/jwks.json"
_TIME_MAX = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class TokenLimits:
    """How large a token may be, how many are remembered, and how far clocks may differ."""

    token_max_bytes: int = 4_096
    good_tokens_max: int = 20_000
    good_token_seconds: int = 300
    bad_tokens_max: int = 2_000
    bad_token_seconds: int = 60
    ahead_seconds: int = 5

    @classmethod
    def of(cls, settings: ServiceSettings) -> Self:
        """The limits that a deployment has set."""
        return cls(
            token_max_bytes=settings.token_max_bytes,
            good_tokens_max=settings.good_tokens_max,
            good_token_seconds=settings.good_token_seconds,
            bad_tokens_max=settings.bad_tokens_max,
            bad_token_seconds=settings.bad_token_seconds,
            ahead_seconds=settings.token_ahead_max_seconds,
        )


class TokenRefused(Exception):
    """The token is not one for here and now. `is_final`: it never will be."""

    def __init__(self, reason: str, *, is_final: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class TokenVerifier:
    """Verifies the tokens of members (signed by identity) and of services for one audience."""

    def __init__(
        self,
        *,
        audience: str,
        issuer: str,
        member_keys: KeySource,
        service_keys: Mapping[str, VerifyingKey],
        clock: Clock,
        limits: TokenLimits | None = None,
    ) -> None:
        self._audience = audience
        self._issuer = issuer
        self._member_keys = member_keys
        self._service_keys = service_keys
        self._clock = clock
        self._limits = limits or TokenLimits()
        self._good: BoundedCache[Claims] = BoundedCache(self._limits.good_tokens_max)
        self._bad: BoundedCache[str] = BoundedCache(self._limits.bad_tokens_max)

    async def verify(self, token: str) -> Claims:
        """Whose token this is. Raises TokenRefused, KeysUnavailable."""
        now = self._clock.now()
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        claims = self._good.get(digest, now)
        if claims is not None:
            return claims
        reason = self._bad.get(digest, now)
        if reason is not None:
            raise TokenRefused(reason)
        try:
            claims = await self._verified(token, now)
        except TokenRefused as refusal:
            if refusal.is_final:
                until = now + timedelta(seconds=self._limits.bad_token_seconds)
                self._bad.put(digest, refusal.reason, until)
            raise
        # Not until it expires: its key may be withdrawn before.
        until = now + timedelta(seconds=self._limits.good_token_seconds)
        self._good.put(digest, claims, min(claims.expires_at, until))
        return claims

    async def _verified(self, token: str, now: datetime) -> Claims:
        if len(token) > self._limits.token_max_bytes:
            raise TokenRefused("the token is too long")
        header = _header_of(token)
        key = await self._key_of(header)
        try:
            body = jwt.decode(token, key.public_key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError, RecursionError):
            raise TokenRefused("the token's signature or form is wrong") from None
        expires_at = self._check_times(body, now)
        if body.get("aud") != self._audience:
            raise TokenRefused("the token is for another audience")
        if key.service is not None:
            return _service_claims(body, key.service, expires_at)
        if body.get("iss") != self._issuer:
            raise TokenRefused("the token is of another issuer")
        return _member_claims(body, expires_at)

    async def _key_of(self, header: Mapping[str, Any]) -> VerifyingKey:
        key_id, token_type = header.get("kid"), header.get("typ")
        if not isinstance(key_id, str):
            raise TokenRefused("the token names no key")
        if token_type == SERVICE_TOKEN_TYPE:
            key = self._service_keys.get(key_id)
        elif token_type == MEMBER_TOKEN_TYPE:
            key = await self._member_keys.key(key_id)
        else:
            raise TokenRefused("the token is of another type")
        if key is None:
            raise TokenRefused("the token is signed by an unknown key", is_final=False)
        return key

    def _check_times(self, body: Mapping[str, Any], now: datetime) -> datetime:
        expires_at = _time_of(body, "exp")
        latest = now + timedelta(seconds=self._limits.ahead_seconds)
        if _time_of(body, "iat") > latest or ("nbf" in body and _time_of(body, "nbf") > latest):
            raise TokenRefused("the token is not valid yet", is_final=False)
        if expires_at <= now:
            raise TokenRefused("the token has expired")
        return expires_at


def service_verifier(
    service: str, settings: ServiceSettings, keys: ServiceKeys, peers: Peers, clock: Clock
) -> TokenVerifier:
    """The verifier of a service: members' keys are asked of identity, services' keys are in their file."""

    async def fetch() -> Mapping[str, Any]:
        try:
            answer = await peers.call("identity", "GET", JWKS_PATH)
        except PeerUnavailable as error:
            raise OSError(str(error)) from error
        if not answer.ok or not isinstance(answer.body, dict):
            raise ValueError(f"identity answers {JWKS_PATH} with {answer.status}")
        return answer.body

    return TokenVerifier(
        audience=service,
        issuer=settings.public_url,
        member_keys=JwksClient(
            fetch,
            clock,
            pause_seconds=settings.member_keys_pause_seconds,
            age_seconds_max=settings.member_keys_age_max_seconds,
        ),
        service_keys=keys.verifying,
        clock=clock,
        limits=TokenLimits.of(settings),
    )


def _header_of(token: str) -> Mapping[str, Any]:
    try:
        return jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise TokenRefused("this is no JSON Web Token") from None


def _time_of(body: Mapping[str, Any], name: str) -> datetime:
    seconds = body.get(name)
    if type(seconds) is not int or not 0 <= seconds <= _TIME_MAX:
        raise TokenRefused(f"the token has no time {name}")
    return datetime.fromtimestamp(seconds, UTC)


def _member_claims(body: Mapping[str, Any], expires_at: datetime) -> MemberClaims:
    try:
        confirmation = body["cnf"]
        public_key = read_public_key(confirmation["jwk"]["x"])
        if confirmation["jkt"] != device_key_id(public_key):
            raise TokenRefused("the token's device key is not the one it names")
        return MemberClaims(
            member_id=UUID(body["sub"]),
            session_id=UUID(body["sid"]),
            device_key_id=confirmation["jkt"],
            device_public_key=public_key,
            audience=body["aud"],
            expires_at=expires_at,
            authenticated_at=_time_of(body, "auth_time") if "auth_time" in body else None,
            # Whatever it says but no: a restriction that cannot be read holds.
            exits_only=body.get("exits_only", False) is not False,
            wallet_address=_wallet_of(body),
        )
    except (KeyError, TypeError, ValueError, AttributeError, PublicKeyMalformed):
        raise TokenRefused("the token's claims are not those of a member") from None


def _wallet_of(body: Mapping[str, Any]) -> str | None:
    wallet = body.get("wallet")
    if wallet is not None and not isinstance(wallet, str):
        raise TypeError
    return wallet


def _service_claims(body: Mapping[str, Any], service: str, expires_at: datetime) -> ServiceClaims:
    name = f"service:{service}"
    if body.get("iss") != name or body.get("sub") != name:
        raise TokenRefused("the token names another service than its key's")
    act = body.get("act", {})
    try:
        if not isinstance(act, dict):
            raise TypeError
        return ServiceClaims(
            service=service,
            audience=body["aud"],
            expires_at=expires_at,
            member_id=UUID(act["member"]) if "member" in act else None,
            intent_id=UUID(act["intent"]) if "intent" in act else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise TokenRefused("the token's claims are not those of a service") from None
