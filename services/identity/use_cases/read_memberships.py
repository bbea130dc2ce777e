"""Who is in a union: names for those whom the charter lets see them, counts for everybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MembershipNotFound, UnionNotFound
from services.identity.domain.membership import Membership
from services.identity.domain.union import NetworkUnion
from services.identity.domain.visibility import may_see_members
from services.identity.store import charters, memberships, unions
from services.identity.store.memberships import ListedMember


@dataclass(frozen=True, slots=True)
class MemberList:
    """The count, and the names where the reader may see them (one more than asked where more follow)."""

    active_members: int
    names_shown: bool
    members: list[ListedMember]


async def list_members(
    unit: UnitOfWork,
    union: str,
    reader_id: UUID | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> MemberList:
    """In the order of joining. Raises UnionNotFound."""
    found, count, names_shown = await _list_for(unit, union, reader_id)
    if not names_shown:
        return MemberList(count, names_shown=False, members=[])
    return MemberList(count, True, await memberships.list_members(unit, found.id, after, limit + 1))


async def find_members(
    unit: UnitOfWork, union: str, reader_id: UUID | None, prefix: str, after: str | None, limit: int
) -> MemberList:
    """Whose handle begins so, by handle; the count is of all members. Raises UnionNotFound."""
    found, count, names_shown = await _list_for(unit, union, reader_id)
    if not names_shown:
        return MemberList(count, names_shown=False, members=[])
    members = await memberships.find_members(unit, found.id, prefix.lower(), after, limit + 1)
    return MemberList(count, True, members)


async def read_membership(unit: UnitOfWork, union: str, member_id: UUID) -> tuple[NetworkUnion, Membership]:
    """A member's own membership, whatever its state. Raises UnionNotFound, MembershipNotFound."""
    found = await _union(unit, union)
    membership = await memberships.membership_of(unit, found.id, member_id)
    if membership is None:
        raise MembershipNotFound
    return found, membership


async def list_own_memberships(
    unit: UnitOfWork, member_id: UUID, after: UUID | None, limit: int
) -> list[tuple[Membership, str, str]]:
    """A member's memberships with slug and name of each union, one more than `limit` where more follow."""
    return await memberships.memberships_of(unit, member_id, after, limit + 1)


async def _list_for(unit: UnitOfWork, union: str, reader_id: UUID | None) -> tuple[NetworkUnion, int, bool]:
    """The union, how many members it has, and whether the charter lets this reader see their names."""
    found = await _union(unit, union)
    adopted = await charters.charter_version(unit, found.id, found.charter_version)
    assert adopted is not None
    reader = None if reader_id is None else await memberships.membership_of(unit, found.id, reader_id)
    count = await memberships.active_members(unit, found.id)
    visibility = adopted.charter.parameters.visibility_members
    return found, count, may_see_members(visibility, found.founder_id, reader)


async def _union(unit: UnitOfWork, union: str) -> NetworkUnion:
    found = await unions.union_named(unit, union)
    if found is None:
        raise UnionNotFound(union)
    return found
