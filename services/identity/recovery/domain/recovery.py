"""A recovery: somebody without a key asks that a new one be a member's."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.recovery.domain.errors import RecoveryFinal, RecoveryOver


class RecoveryState(StrEnum):
    """Asked; waiting once guardians approved, or by a code; done after the delay.

    A live key cancels what is asked or waits. All guardians but one have it wait once more, for good. Too
    many who disapprove refuse it, and what nobody decides expires.
    """

    ASKED = "asked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class RecoveryWay(StrEnum):
    """What it rests on at first."""

    GUARDIANS = "guardians"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Recovery:
    """`threshold` and `guardians_count` are of when it was asked for; `round` 2 follows a cancellation."""

    id: UUID
    member_id: UUID
    way: RecoveryWay
    state: RecoveryState
    round: int
    threshold: int
    guardians_count: int
    guardians_version: int
    asked_at: datetime
    expires_at: datetime
    waits_until: datetime | None

    @property
    def needed_count(self) -> int:
        """How many guardians have to approve in this round."""
        if self.round == 1:
            return self.threshold
        return max(self.threshold, self.guardians_count - 1)

    @property
    def locks(self) -> bool:
        """Whether nobody signs in to the account meanwhile."""
        return self.state is RecoveryState.WAITING and (self.way is RecoveryWay.GUARDIANS or self.round > 1)

    @property
    def is_final(self) -> bool:
        """Whether no key cancels it any more."""
        return self.state is RecoveryState.WAITING and self.round > 1

    def at(self, now: datetime) -> "Recovery":
        """As it stands by now: what nobody decided in time is over."""
        if self.state in (RecoveryState.ASKED, RecoveryState.CANCELLED) and now >= self.expires_at:
            return replace(self, state=RecoveryState.EXPIRED)
        return self

    @property
    def takes_votes(self) -> bool:
        return self.guardians_count > 0 and self.state in (RecoveryState.ASKED, RecoveryState.CANCELLED)


def voted(recovery: Recovery, approvals: int, disapprovals: int, now: datetime, delay: timedelta) -> Recovery:
    """What it is once so many of this round have approved, and so many not. Raises RecoveryOver."""
    present = recovery.at(now)
    if not present.takes_votes:
        raise RecoveryOver(present.state.value)
    if approvals >= present.needed_count:
        return replace(present, state=RecoveryState.WAITING, waits_until=now + delay)
    if disapprovals > present.guardians_count - present.needed_count:
        return replace(present, state=RecoveryState.REFUSED)
    return present


def cancelled(recovery: Recovery, now: datetime, open_for: timedelta) -> Recovery:
    """A live key says that its member has lost nothing. Raises RecoveryFinal, RecoveryOver."""
    present = recovery.at(now)
    if present.is_final:
        raise RecoveryFinal
    if present.state not in (RecoveryState.ASKED, RecoveryState.WAITING):
        raise RecoveryOver(present.state.value)
    until = now + open_for if present.guardians_count else now
    return replace(present, state=RecoveryState.CANCELLED, round=2, waits_until=None, expires_at=until)


def completed(recovery: Recovery, *, is_done: bool) -> Recovery:
    """Not done: somebody else has the new key by now."""
    return replace(recovery, state=RecoveryState.DONE if is_done else RecoveryState.REFUSED, waits_until=None)


def is_due(recovery: Recovery, now: datetime) -> bool:
    """Whether its key takes the place of the others now."""
    return (
        recovery.state is RecoveryState.WAITING
        and recovery.waits_until is not None
        and now >= recovery.waits_until
    )
