"""Who may keep members out of a union: its founder, and officers who moderate."""

from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly
from services.identity.domain.union import NetworkUnion
from services.identity.offices.use_cases.may import may, officer_with
from services.identity.store import unions
from services.identity.use_cases.find_union import union_of


async def is_officer(unit: UnitOfWork, union: NetworkUnion, member_id: UUID) -> bool:
    return await may(unit, member_id, Right.MODERATE, union)


async def officers_union(unit: UnitOfWork, union: str, member_id: UUID) -> NetworkUnion:
    """The union, locked, where the caller may suspend and expel.

    Raises UnionNotFound, FounderOnly, UnionDissolved.
    """
    found = await union_of(unit, union, unions.lock_union)
    found.require_active()
    if not await is_officer(unit, found, member_id):
        raise FounderOnly("suspend and expel members", officer_with(Right.MODERATE))
    return found
