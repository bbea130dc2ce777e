"""A resolution of a business' owners: it passes by more than half of all shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.identity.businesses.domain.roster import Roster


class ResolutionKind(StrEnum):
    APPOINT = "appoint"
    DISMISS = "dismiss"
    CLOSE = "close"


class ResolutionState(StrEnum):
    OPEN = "open"
    PASSED = "passed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Resolution:
    """`member_id`: whom it appoints or dismisses as a manager; `term_seconds`: for how long it appoints.
    `passed_shares`: how many had approved when it passed."""

    id: UUID
    kind: ResolutionKind
    member_id: UUID | None
    term_seconds: int | None
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    passed_at: datetime | None = None
    passed_shares: int | None = None

    def state_at(self, now: datetime) -> ResolutionState:
        """It lapses by itself, also with a business that was closed."""
        if self.passed_at is not None:
            return ResolutionState.PASSED
        return ResolutionState.LAPSED if now >= self.expires_at else ResolutionState.OPEN


def tally(roster: Roster, approved_by: Iterable[UUID]) -> int:
    """The shares that approve by now: those that each of them has at this moment, while an active member. So
    a share that was sold counts once, for who has it."""
    return sum(roster.voice(member_id) for member_id in set(approved_by))


def passes(roster: Roster, shares: int) -> bool:
    """More than half of all that were issued, also of those whose owners are out of the union."""
    return 2 * shares > roster.business.shares_count
