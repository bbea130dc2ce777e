"""Who brought whom, for who admits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.joinings import Joining, joinings_of
from services.identity.admission.use_cases.find_union import admitter_of


async def read_joinings(
    unit: UnitOfWork, member_id: UUID, union: str, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Joining]:
    """In the order of joining, one more than the limit where there are more.

    Raises UnionNotFound, FounderOnly.
    """
    admitter = await admitter_of(unit, union, member_id, "see who brought whom")
    return await joinings_of(unit, admitter.union.id, member_id, after, limit)
