"""A suspension: a member is out for a stated time and a stated ground, and comes back by themselves."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.identity.exclusion.domain.errors import SuspensionOver


@dataclass(frozen=True, slots=True)
class Suspension:
    """`ordered_by`: the officer. It ends at `ends_at`, or when somebody lifts it before."""

    union_id: UUID
    id: UUID
    member_id: UUID
    ordered_by: UUID
    ground: str
    began_at: datetime
    ends_at: datetime
    lifted_at: datetime | None = None
    lifted_by: UUID | None = None

    def runs_at(self, now: datetime) -> bool:
        return self.lifted_at is None and now < self.ends_at


def lifted(suspension: Suspension, by: UUID, now: datetime) -> Suspension:
    """Raises SuspensionOver."""
    if not suspension.runs_at(now):
        raise SuspensionOver
    return replace(suspension, lifted_at=now, lifted_by=by)
