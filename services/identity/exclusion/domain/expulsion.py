"""An expulsion: proposed on a ground, heard, decided, and once more on appeal. Silence of those who decide is
for the member: what nobody decides in time lapses, an appeal that nobody hears is won."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.exclusion.domain.errors import (
    AppealTooLate,
    ExpulsionDecided,
    HearingRuns,
    NotTheMemberConcerned,
)


class ExpulsionState(StrEnum):
    PROPOSED = "proposed"
    DROPPED = "dropped"
    LAPSED = "lapsed"
    EXPELLED = "expelled"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVERSED = "reversed"


OPEN = (ExpulsionState.PROPOSED, ExpulsionState.APPEALED)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each stage lasts."""

    hearing: timedelta
    decision: timedelta
    appeal: timedelta


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decided, and why."""

    by: UUID
    reasons: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Expulsion:
    """A case. `decide_by`: of the stage that it is in; `left_before`: the member had left by themselves."""

    union_id: UUID
    id: UUID
    member_id: UUID
    proposed_by: UUID
    ground: str
    proposed_at: datetime
    hearing_until: datetime
    decide_by: datetime
    state: ExpulsionState = ExpulsionState.PROPOSED
    statement: str | None = None
    decision: Decision | None = None
    left_before: bool = False
    appeal_until: datetime | None = None
    appeal: str | None = None
    appeal_decision: Decision | None = None

    def at(self, now: datetime) -> "Expulsion":
        """As it stands at a moment: a proposal that nobody decided has lapsed."""
        if self.state is ExpulsionState.PROPOSED and now >= self.decide_by:
            return replace(self, state=ExpulsionState.LAPSED)
        return self

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def propose(
    union_id: UUID,
    expulsion_id: UUID,
    member_id: UUID,
    proposed_by: UUID,
    ground: str,
    terms: Terms,
    now: datetime,
) -> Expulsion:
    """A new case: its hearing begins."""
    heard = now + terms.hearing
    return Expulsion(
        union_id, expulsion_id, member_id, proposed_by, ground, now, heard, heard + terms.decision
    )


def stated(expulsion: Expulsion, member_id: UUID, text: str) -> Expulsion:
    """What the member says to it, in place of what they said before.

    Raises NotTheMemberConcerned, ExpulsionDecided.
    """
    _require_member(expulsion, member_id)
    _require(expulsion, ExpulsionState.PROPOSED)
    return replace(expulsion, statement=text)


def decided(
    expulsion: Expulsion, decision: Decision, terms: Terms, *, expels: bool, left_before: bool
) -> Expulsion:
    """After the hearing; to drop the case needs no wait. Raises ExpulsionDecided, HearingRuns."""
    _require(expulsion, ExpulsionState.PROPOSED)
    if not expels:
        return replace(expulsion, state=ExpulsionState.DROPPED, decision=decision)
    if decision.at < expulsion.hearing_until:
        raise HearingRuns(expulsion.hearing_until)
    return replace(
        expulsion,
        state=ExpulsionState.EXPELLED,
        decision=decision,
        left_before=left_before,
        appeal_until=decision.at + terms.appeal,
    )


def appealed(expulsion: Expulsion, member_id: UUID, text: str, terms: Terms, now: datetime) -> Expulsion:
    """Raises NotTheMemberConcerned, ExpulsionDecided, AppealTooLate."""
    _require_member(expulsion, member_id)
    _require(expulsion, ExpulsionState.EXPELLED)
    assert expulsion.appeal_until is not None
    if now >= expulsion.appeal_until:
        raise AppealTooLate(expulsion.appeal_until)
    return replace(expulsion, state=ExpulsionState.APPEALED, appeal=text, decide_by=now + terms.decision)


def heard_again(expulsion: Expulsion, decision: Decision | None, *, upholds: bool) -> Expulsion:
    """What comes of the appeal; without a decision it is won. Raises ExpulsionDecided."""
    _require(expulsion, ExpulsionState.APPEALED)
    assert decision is not None or not upholds
    state = ExpulsionState.UPHELD if upholds else ExpulsionState.REVERSED
    return replace(expulsion, state=state, appeal_decision=decision)


def _require_member(expulsion: Expulsion, member_id: UUID) -> None:
    if expulsion.member_id != member_id:
        raise NotTheMemberConcerned


def _require(expulsion: Expulsion, state: ExpulsionState) -> None:
    if expulsion.state is not state:
        raise ExpulsionDecided(expulsion.state.value)
