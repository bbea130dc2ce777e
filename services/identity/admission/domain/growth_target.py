"""A target of growth: so many members by the end of a day, and whether it was reached then."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.admission.domain.errors import GrowthTargetRefused


class TargetState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class GrowthTarget:
    """`began_count`: active members when it was set; `ended_count`: at its end."""

    union_id: UUID
    id: UUID
    members: int
    due_on: date
    set_by: UUID
    set_at: datetime
    began_count: int
    state: TargetState = TargetState.OPEN
    ended_at: datetime | None = None
    ended_count: int | None = None

    @property
    def due_at(self) -> datetime:
        """The end of the day, of UTC."""
        return datetime.combine(self.due_on + timedelta(days=1), time(), UTC)


def require_ahead(target: GrowthTarget, days_max: int) -> None:
    """Raises GrowthTargetRefused."""
    today = target.set_at.astimezone(UTC).date()
    if not today <= target.due_on <= today + timedelta(days=days_max):
        raise GrowthTargetRefused(f"its day is today, or at most {days_max} days later")
    if target.members <= target.began_count:
        raise GrowthTargetRefused(f"it is more than the {target.began_count} who are members")


def judged(target: GrowthTarget, members: int, now: datetime) -> GrowthTarget:
    """At its end."""
    state = TargetState.REACHED if members >= target.members else TargetState.MISSED
    return replace(target, state=state, ended_at=now, ended_count=members)


def taken_back(target: GrowthTarget, members: int, now: datetime) -> GrowthTarget:
    """An open one; another stays as it is."""
    if target.state is not TargetState.OPEN:
        return target
    return replace(target, state=TargetState.WITHDRAWN, ended_at=now, ended_count=members)
