"""Look up members by id or handle: each reader sees what the member shows them."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MemberNotFound
from services.identity.domain.privacy import Reader
from services.identity.domain.profile import Profile
from services.identity.store import members


async def read_own_profile(unit: UnitOfWork, member_id: UUID) -> Profile:
    """Raises MemberNotFound."""
    profile = await members.profile_of(unit, member_id)
    if profile is None:
        raise MemberNotFound(str(member_id))
    return profile


async def read_profile(unit: UnitOfWork, reader_id: UUID | None, member: str) -> Profile:
    """The member with this id, handle or former handle, as the reader sees them. Raises MemberNotFound."""
    profile = await members.profile_named(unit, member)
    if profile is None:
        raise MemberNotFound(member)
    [shown] = await as_shown(unit, reader_id, [profile])
    return shown


async def read_profiles(unit: UnitOfWork, reader_id: UUID, member_ids: Sequence[UUID]) -> list[Profile]:
    """As the reader sees them, in the order of ids; who is not there is left out."""
    return await as_shown(unit, reader_id, await members.profiles_of(unit, member_ids))


async def as_shown(unit: UnitOfWork, reader_id: UUID | None, profiles: Sequence[Profile]) -> list[Profile]:
    """The profiles as the reader sees them; None reads as anybody."""
    if reader_id is None:
        return [profile.as_shown_to(Reader.ANYBODY) for profile in profiles]
    sharing = await members.sharing_unions(unit, reader_id, [profile.member_id for profile in profiles])

    def reader_of(profile: Profile) -> Reader:
        if profile.member_id == reader_id:
            return Reader.ONESELF
        return Reader.OF_SHARED_UNION if profile.member_id in sharing else Reader.ANYBODY

    return [profile.as_shown_to(reader_of(profile)) for profile in profiles]
