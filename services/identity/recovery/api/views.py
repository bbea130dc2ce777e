"""Recoveries as their askers, members and guardians see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.identity.api.memberships import MemberName
from services.identity.recovery.domain.recovery import Recovery
from services.identity.recovery.store.recoveries import NewKey, ShownRecovery

Fingerprint = Annotated[
    str,
    Field(
        description="Of the new key: who asks reads it out to the guardians, who hear whether it is them.",
        examples=["K7QX-2MFA-9TDW-3HJL"],
    ),
]


class RecoveryView(BaseModel):
    """A recovery: what it waits for."""

    id: UUID
    state: str = Field(description="asked, waiting, cancelled, done, refused or expired.", examples=["asked"])
    way: str = Field(description="guardians or code: what it rests on at first.", examples=["guardians"])
    fingerprint: Fingerprint
    needed_count: int = Field(description="Guardians that have to approve in this round.")
    approvals_count: int
    takes_votes: bool
    locks: bool = Field(description="Whether nobody signs in to the account meanwhile.")
    is_final: bool = Field(description="Whether no key cancels it any more: guardians overrode that.")
    asked_at: datetime
    expires_at: datetime = Field(description="When guardians decide no more.")
    waits_until: datetime | None = Field(description="When the new key takes the place of the others.")


class ShownRecoveryView(RecoveryView):
    """A recovery of one's own account, or of a ward's."""

    member: MemberName
    greeting: str
    is_own: bool
    own_vote: bool | None = Field(description="What I said in this round, as a guardian.")


def recovery_fields(
    recovery: Recovery, key: NewKey, approvals_count: int, now: datetime
) -> dict[str, object]:
    present = recovery.at(now)
    return {
        "id": present.id,
        "state": present.state.value,
        "way": present.way.value,
        "fingerprint": key.fingerprint,
        "needed_count": present.needed_count,
        "approvals_count": approvals_count,
        "takes_votes": present.takes_votes,
        "locks": present.locks,
        "is_final": present.is_final,
        "asked_at": present.asked_at,
        "expires_at": present.expires_at,
        "waits_until": present.waits_until,
    }


def shown_view(shown: ShownRecovery, reader_id: UUID, now: datetime) -> ShownRecoveryView:
    member_id = shown.recovery.member_id
    return ShownRecoveryView.model_validate(
        recovery_fields(shown.recovery, shown.key, shown.approvals_count, now)
        | {
            "member": MemberName(id=member_id, handle=shown.handle, name=shown.name),
            "greeting": shown.greeting,
            "is_own": member_id == reader_id,
            "own_vote": shown.own_vote,
        }
    )
