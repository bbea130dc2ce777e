"""Invitations: a link with a code of 128 bits, good for some time and some uses; only its hash is kept."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.identity.domain.errors import InvitationExpired, InvitationLimit, InvitationUsedUp

CODE_BYTES = 16
CODE_PATTERN = r"^[A-Za-z0-9_-]{22}$"


@dataclass(frozen=True, slots=True)
class Invitation:
    """As it is kept; who holds the code may join by it. `by_founder`: its maker admitted then."""

    id: UUID
    union_id: UUID
    invited_by: UUID
    by_founder: bool
    uses_max: int
    uses_count: int
    created_at: datetime
    expires_at: datetime
    list_id: UUID | None = None
    """Of a personal link: the list that it was made by."""


def code_text(code: bytes) -> str:
    """The code as it stands in a link: 22 characters."""
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode("ascii")


def code_hash(code: str) -> bytes:
    """What is kept of a code: SHA-256; 128 random bits need no slow hash."""
    return hashlib.sha256(code.encode("utf-8")).digest()


def invite(
    invitation_id: UUID,
    union_id: UUID,
    invited_by: UUID,
    *,
    by_founder: bool,
    uses_max: int,
    valid_seconds: int,
    uses_limit: int,
    valid_seconds_limit: int,
    now: datetime,
) -> Invitation:
    """A new invitation. Raises InvitationLimit for more uses or time than the settings allow."""
    if uses_max > uses_limit:
        raise InvitationLimit("uses_max", uses_limit)
    if valid_seconds > valid_seconds_limit:
        raise InvitationLimit("valid_seconds", valid_seconds_limit)
    return Invitation(
        id=invitation_id,
        union_id=union_id,
        invited_by=invited_by,
        by_founder=by_founder,
        uses_max=uses_max,
        uses_count=0,
        created_at=now,
        expires_at=now + timedelta(seconds=valid_seconds),
    )


def require_usable(invitation: Invitation, now: datetime) -> None:
    """Raises InvitationExpired, InvitationUsedUp."""
    if now >= invitation.expires_at:
        raise InvitationExpired(invitation.expires_at)
    if invitation.uses_count >= invitation.uses_max:
        raise InvitationUsedUp(invitation.uses_max)
