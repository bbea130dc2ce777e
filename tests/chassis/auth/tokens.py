"""Keys, clocks and hand-made tokens for the tests of auth."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.issuer import TokenIssuer
from chassis.auth.keys import SigningKey, read_jwk_set
from chassis.auth.service_keys import ServiceKeys
from chassis.auth.verifier import TokenLimits, TokenVerifier
from chassis.clock import ManualClock
from tests.support.held_keys import HeldKeys

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC_URL = "http://localhost:8080"
MEMBER = UUID(int=7)
SESSION = UUID(int=8)
INTENT = UUID(int=9)


def private_key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


IDENTITY_KEY = SigningKey.of(private_key(1))
MARKET_KEY = SigningKey.of(private_key(2))
LEDGER_KEY = SigningKey.of(private_key(3))
STRANGER_KEY = SigningKey.of(private_key(4))
DEVICE = private_key(5)
DEVICE_PUBLIC = DEVICE.public_key().public_bytes_raw()
SERVICE_JWKS = {"keys": [MARKET_KEY.jwk(service="market"), LEDGER_KEY.jwk(service="ledger")]}


@dataclass
class House:
    """Identity, market and a verifier for one audience, under one clock."""

    audience: str = "ledger"
    limits: TokenLimits | None = None
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))

    def __post_init__(self) -> None:
        self.issuer = TokenIssuer(HeldKeys(IDENTITY_KEY), PUBLIC_URL, self.clock)
        services = read_jwk_set(SERVICE_JWKS)
        self.market = ServiceKeys("market", MARKET_KEY, services, self.clock)
        self.verifier = TokenVerifier(
            audience=self.audience,
            issuer=PUBLIC_URL,
            member_keys=HeldKeys(IDENTITY_KEY),
            service_keys=services,
            clock=self.clock,
            limits=self.limits,
        )

    def access_token(self) -> str:
        return self.issuer.access_token(
            member_id=MEMBER, session_id=SESSION, device_public_key=DEVICE_PUBLIC
        ).text

    def member_claims(self) -> dict[str, Any]:
        """The claims of a good internal token, to be spoilt."""
        return claims_of(self.internal_token())

    def internal_token(self) -> str:
        from chassis.auth.claims import MemberClaims
        from chassis.device_keys import device_key_id

        claims = MemberClaims(
            MEMBER,
            SESSION,
            device_key_id(DEVICE_PUBLIC),
            DEVICE_PUBLIC,
            "guildhall",
            NOW + timedelta(minutes=10),
        )
        return self.issuer.internal_token(claims, self.audience).text


def segment(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, Any]:
    from base64 import urlsafe_b64decode

    payload = token.split(".")[1]
    return orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def hand_made(
    claims: Mapping[str, Any],
    key: Ed25519PrivateKey,
    header: Mapping[str, Any],
) -> str:
    """A token signed with Ed25519 whatever its header says."""
    signed = f"{segment(orjson.dumps(header))}.{segment(orjson.dumps(claims))}"
    return f"{signed}.{segment(key.sign(signed.encode()))}"
