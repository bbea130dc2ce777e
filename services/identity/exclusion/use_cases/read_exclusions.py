"""Read suspensions and expulsions: officers those of all, a member their own."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.union import NetworkUnion
from services.identity.exclusion.domain.errors import ExpulsionNotFound
from services.identity.exclusion.domain.expulsion import Expulsion
from services.identity.exclusion.domain.suspension import Suspension
from services.identity.exclusion.store import expulsions, suspensions
from services.identity.exclusion.use_cases.officers_union import is_officer
from services.identity.use_cases.find_union import union_of


async def read_suspensions(
    unit: UnitOfWork, reader_id: UUID, union: str, before: UUID | None, limit: int
) -> Sequence[Suspension]:
    """Raises UnionNotFound."""
    found = await union_of(unit, union)
    whose = await _whose(unit, found, reader_id)
    return await suspensions.list_suspensions(unit, found.id, whose, before, limit)


async def read_expulsions(
    unit: UnitOfWork, reader_id: UUID, union: str, before: UUID | None, limit: int
) -> Sequence[Expulsion]:
    """Raises UnionNotFound."""
    found = await union_of(unit, union)
    whose = await _whose(unit, found, reader_id)
    return await expulsions.list_expulsions(unit, found.id, whose, before, limit)


async def read_expulsion(unit: UnitOfWork, reader_id: UUID, union: str, expulsion_id: UUID) -> Expulsion:
    """Raises UnionNotFound, ExpulsionNotFound."""
    found = await union_of(unit, union)
    case = await expulsions.find_expulsion(unit, found.id, expulsion_id)
    if case is None or await _whose(unit, found, reader_id) not in (None, case.member_id):
        raise ExpulsionNotFound(expulsion_id)
    return case


async def _whose(unit: UnitOfWork, union: NetworkUnion, reader_id: UUID) -> UUID | None:
    return None if await is_officer(unit, union, reader_id) else reader_id
