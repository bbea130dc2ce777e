"""What a deletion would do to the caller, and how one that was asked for stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.deletion import OPEN, Deletion
from services.identity.deletion.store.deletions import (
    HeadedUnion,
    OwnCounts,
    headed_unions,
    last_deletion,
    own_counts,
    waiting_recovery,
)


@dataclass(frozen=True, slots=True)
class Prospect:
    """`shared`: unions with others in them, which need their founder. `alone`: those that end with theirs."""

    deletion: Deletion | None
    counts: OwnCounts
    shared: Sequence[HeadedUnion]
    alone: Sequence[HeadedUnion]
    recovery_waits: bool


async def read_deletion(unit: UnitOfWork, member_id: UUID) -> Prospect:
    last = await last_deletion(unit, member_id)
    founded = await headed_unions(unit, member_id)
    return Prospect(
        deletion=last if last is not None and last.state in OPEN else None,
        counts=await own_counts(unit, member_id),
        shared=[union for union in founded if union.members_count > 1],
        alone=[union for union in founded if union.members_count <= 1],
        recovery_waits=await waiting_recovery(unit, member_id) is not None,
    )
