"""Who holds the founder's office, who is to, and who held it."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.union import NetworkUnion
from services.identity.succession.domain.heir import Heir, Succession
from services.identity.succession.store import heirs
from services.identity.succession.use_cases.union_of_heir import is_active
from services.identity.use_cases.find_union import union_of


async def read_succession(unit: UnitOfWork, union: str) -> tuple[NetworkUnion, Heir | None]:
    """The heir where they are an active member. Raises UnionNotFound."""
    found = await union_of(unit, union)
    heir = await heirs.heir_of(unit, found.id)
    if heir is not None and not await is_active(unit, found, heir.member_id):
        heir = None
    return found, heir


async def read_successions(
    unit: UnitOfWork, union: str, before_id: UUID | None, limit: int
) -> Sequence[Succession]:
    """The newest first; one more than `limit` where more follow. Raises UnionNotFound."""
    found = await union_of(unit, union)
    return await heirs.list_successions(unit, found.id, before_id, limit)
