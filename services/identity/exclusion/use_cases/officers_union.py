"""Who may keep members out of a union: its founder."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly, UnionNotFound
from services.identity.domain.union import NetworkUnion
from services.identity.store import unions


def is_officer(union: NetworkUnion, member_id: UUID) -> bool:
    return union.founder_id == member_id


async def officers_union(unit: UnitOfWork, union: str, member_id: UUID) -> NetworkUnion:
    """The union, where the caller may suspend and expel.

    Raises UnionNotFound, FounderOnly, UnionDissolved.
    """
    found = await unions.union_named(unit, union)
    if found is None:
        raise UnionNotFound(union)
    found.require_active()
    if not is_officer(found, member_id):
        raise FounderOnly("suspend and expel members")
    return found
