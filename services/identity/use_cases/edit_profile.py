"""Change one's own handle, name or bio."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain import profile as rules
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import HandleTaken, VersionStale
from services.identity.domain.look_alike import look_of
from services.identity.domain.profile import Profile, ProfileEdit, require_match
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.read_profile import read_own_profile


def profile_etag(profile: Profile) -> str:
    return f'"{profile.version}"'


async def edit_profile(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    wanted: ProfileEdit,
    if_match: str | None,
) -> Profile:
    """The profile after the edit.

    Raises VersionRequired, VersionStale, HandleRefused, HandleTaken, AttemptLimitReached.
    """
    present = await read_own_profile(unit, member_id)
    require_match(if_match, profile_etag(present))
    edited = rules.edit_profile(present, wanted)
    if edited is present:
        return present
    if edited.handle != present.handle:
        await limit_attempts(unit, settings, AttemptKind.HANDLE_OF_MEMBER, str(member_id))
        if not await members.take_handle(unit, edited.handle, look_of(edited.handle), member_id):
            raise HandleTaken(edited.handle)
    if not await members.save_profile(unit, edited):
        raise VersionStale(profile_etag(await read_own_profile(unit, member_id)))
    changed = [name for name in ("handle", "name", "bio") if getattr(edited, name) != getattr(present, name)]
    unit.record_act("own_profile", f"members/{member_id}", {"changed": changed, "version": edited.version})
    return edited
