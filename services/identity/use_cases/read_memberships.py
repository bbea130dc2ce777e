"""Who is in a union: names for those whom the charter lets see them, counts for everybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MembershipNotFound
from services.identity.domain.membership import Membership, MembershipState
from services.identity.domain.privacy import Reader
from services.identity.domain.union import NetworkUnion
from services.identity.domain.visibility import may_see_members
from services.identity.store import charters, memberships
from services.identity.store.memberships import ListedMember, SkillWanted
from services.identity.use_cases.find_union import union_of


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
    listed = await memberships.list_members(unit, found.id, reader_id, after, limit + 1)
    return MemberList(count, True, listed)


async def find_members(
    unit: UnitOfWork,
    union: str,
    reader_id: UUID | None,
    prefix: str,
    skill: str | None,
    after: str | None,
    limit: int,
) -> MemberList:
    """Whose handle begins so, by handle, and who has the skill, where one is asked for; the count is of all
    members. Raises UnionNotFound."""
    found, count, names_shown = await _list_for(unit, union, reader_id)
    if not names_shown:
        return MemberList(count, names_shown=False, members=[])
    wanted = None if skill is None else await _wanted(unit, found.id, reader_id, skill)
    listed = await memberships.find_members(
        unit, found.id, reader_id, prefix.lower(), wanted, after, limit + 1
    )
    return MemberList(count, True, listed)


async def find_skilled_members(
    unit: UnitOfWork, union: str, reader_id: UUID | None, skill: str, after: UUID | None, limit: int
) -> MemberList:
    """Who shows the reader that they have the skill, by id; the count is of all. Raises UnionNotFound."""
    found, count, names_shown = await _list_for(unit, union, reader_id)
    if not names_shown:
        return MemberList(count, names_shown=False, members=[])
    wanted = await _wanted(unit, found.id, reader_id, skill)
    listed = await memberships.find_skilled(unit, found.id, reader_id, wanted, after, limit + 1)
    return MemberList(count, True, listed)


async def _wanted(unit: UnitOfWork, union_id: UUID, reader_id: UUID | None, skill: str) -> SkillWanted:
    """Only members of the union ask as such; who shares another union with somebody asks there."""
    own = None if reader_id is None else await memberships.membership_of(unit, union_id, reader_id)
    inside = own is not None and own.state is MembershipState.ACTIVE
    return SkillWanted(skill, Reader.OF_SHARED_UNION if inside else Reader.ANYBODY)


async def read_membership(unit: UnitOfWork, union: str, member_id: UUID) -> tuple[NetworkUnion, Membership]:
    """A member's own membership, whatever its state. Raises UnionNotFound, MembershipNotFound."""
    found = await union_of(unit, union)
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
    found = await union_of(unit, union)
    adopted = await charters.charter_version(unit, found.id, found.charter_version)
    assert adopted is not None
    reader = None if reader_id is None else await memberships.membership_of(unit, found.id, reader_id)
    count = await memberships.active_members(unit, found.id)
    visibility = adopted.charter.parameters.visibility_members
    return found, count, may_see_members(visibility, found.head_id, reader)
