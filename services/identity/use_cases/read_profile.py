"""Look up members by id or handle."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MemberNotFound
from services.identity.domain.profile import Profile
from services.identity.store import members


async def read_own_profile(unit: UnitOfWork, member_id: UUID) -> Profile:
    """Raises MemberNotFound."""
    profile = await members.profile_of(unit, member_id)
    if profile is None:
        raise MemberNotFound(str(member_id))
    return profile


async def read_profile(unit: UnitOfWork, member: str) -> Profile:
    """The member with this id, handle or former handle. Raises MemberNotFound."""
    profile = await members.profile_named(unit, member)
    if profile is None:
        raise MemberNotFound(member)
    return profile


async def read_profiles(unit: UnitOfWork, member_ids: Sequence[UUID]) -> list[Profile]:
    """The members with these ids, in the order of ids; who is not there is left out."""
    return await members.profiles_of(unit, member_ids)
