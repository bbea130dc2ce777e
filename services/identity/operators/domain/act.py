"""What an operator did, and what became of it: it holds until its time is over, somebody undoes it, or an
appeal against it is won. Silence of those who decide is for who appealed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.operators.domain.errors import (
    AboutOneself,
    AppealMade,
    GroundNamesMember,
    NoAppealWaits,
    NotConcerned,
    OperatorActOver,
    OwnOperatorAct,
)
from services.identity.operators.domain.powers import Power


class ActState(StrEnum):
    """Whether it is in force, and if not, why not."""

    IN_FORCE = "in_force"
    OVER = "over"
    UNDONE = "undone"
    REVERSED = "reversed"
    LAPSED = "lapsed"


class RulingKind(StrEnum):
    """What an operator said of an act afterwards: `upheld` and `reversed` decide its appeal."""

    UNDONE = "undone"
    UPHELD = "upheld"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Appeal:
    """By whom it is about, once. Not decided by `decide_by`, it is won."""

    member_id: UUID
    text: str
    appealed_at: datetime
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    operator_id: UUID
    operator_handle: str
    kind: RulingKind
    reasons: str
    ruled_at: datetime


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """`member_id` or `union_id`: whom it is about. `picture`: the SHA-256 of what was kept of it, as it was
    shown. `until`: of a lock. `head_id`: who holds the founder's office of the union by now.
    """

    id: UUID
    operator_id: UUID
    operator_handle: str
    power: Power
    member_id: UUID | None
    union_id: UUID | None
    head_id: UUID | None
    picture: bytes | None
    ground: str
    made_at: datetime
    until: datetime | None
    appeal: Appeal | None = None
    decision: Ruling | None = None
    undoing: Ruling | None = None

    @property
    def concerned_id(self) -> UUID | None:
        """Who may appeal."""
        return self.member_id if self.member_id is not None else self.head_id

    def state_at(self, now: datetime) -> ActState:
        if self.decision is not None and self.decision.kind is RulingKind.REVERSED:
            return ActState.REVERSED
        if self.undoing is not None:
            return ActState.UNDONE
        if self.appeal is not None and self.decision is None and self.appeal.decide_by <= now:
            return ActState.LAPSED
        if self.until is not None and self.until <= now:
            return ActState.OVER
        return ActState.IN_FORCE

    def require_in_force(self, now: datetime) -> None:
        """Raises OperatorActOver."""
        state = self.state_at(now)
        if state is not ActState.IN_FORCE:
            raise OperatorActOver(state.value)


def appealed(act: OperatorAct, member_id: UUID, text: str, lasts: timedelta, now: datetime) -> Appeal:
    """Raises NotConcerned, AppealMade, OperatorActOver."""
    if act.concerned_id != member_id:
        raise NotConcerned
    if act.appeal is not None:
        raise AppealMade
    act.require_in_force(now)
    return Appeal(member_id, text, now, now + lasts)


def require_decidable(act: OperatorAct, operator_id: UUID, *, is_only_one: bool, now: datetime) -> None:
    """Raises AboutOneself, NoAppealWaits, OperatorActOver, OwnOperatorAct."""
    require_about_another(act, operator_id)
    if act.appeal is None or act.decision is not None:
        raise NoAppealWaits
    act.require_in_force(now)
    if act.operator_id == operator_id and not is_only_one:
        raise OwnOperatorAct


def require_about_another(act: OperatorAct, operator_id: UUID) -> None:
    """Raises AboutOneself."""
    if act.concerned_id == operator_id or (act.appeal is not None and act.appeal.member_id == operator_id):
        raise AboutOneself


def check_ground(ground: str, *names: str) -> None:
    """A ground is public: it names nobody by handle or slug, name or id. Raises GroundNamesMember."""
    for name in names:
        if name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", ground, re.IGNORECASE):
            raise GroundNamesMember
