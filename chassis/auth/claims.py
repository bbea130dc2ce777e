"""What a verified token says about who is asking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MemberClaims:
    """A member's session on one device; `device_public_key` is the 32 bytes of its Ed25519 key.

    `authenticated_at`: when a key of the member's certified that device for the session (`auth_time` of
    OpenID Connect); None in tokens of releases that did not say. `exits_only`: an operator has locked the
    account, and beyond reading the session has the exit rights alone. `wallet_address`: of the wallet that
    opened the session (EIP-55), which may sign in the device's place; None where a passkey or a contract did.
    """

    member_id: UUID
    session_id: UUID
    device_key_id: str
    device_public_key: bytes
    audience: str
    expires_at: datetime
    authenticated_at: datetime | None = None
    exits_only: bool = False
    wallet_address: str | None = None

    @property
    def actor(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True, slots=True)
class ServiceClaims:
    """A service under its own key, with the member and the intent that it acts for, where there is one."""

    service: str
    audience: str
    expires_at: datetime
    member_id: UUID | None = None
    intent_id: UUID | None = None

    @property
    def actor(self) -> str:
        return f"service:{self.service}"


Claims = MemberClaims | ServiceClaims
