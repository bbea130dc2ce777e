"""Change what one says of oneself, and who sees it."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.look_hash import look_hash
from services.identity.domain import profile as rules
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import HandleTaken, VersionStale
from services.identity.domain.look_alike import look_of
from services.identity.domain.profile import Profile, ProfileEdit, ProfileLimits, require_match
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.read_profile import read_own_profile

PARTS = ("handle", "name", "bio", "skills", "links", "privacy")


def profile_etag(profile: Profile) -> str:
    return f'"{profile.version}"'


async def edit_profile(
    unit: UnitOfWork,
    settings: IdentitySettings,
    looks_key: bytes,
    member_id: UUID,
    wanted: ProfileEdit,
    if_match: str | None,
) -> Profile:
    """The profile after the edit. `looks_key`: under which handles of erased members are remembered.

    Raises VersionRequired, VersionStale, HandleTaken, AttemptLimitReached, and what the rules raise.
    """
    present = await read_own_profile(unit, member_id)
    require_match(if_match, profile_etag(present))
    limits = ProfileLimits(
        settings.skills_per_member_max, settings.links_per_member_max, settings.link_max_bytes
    )
    edited = rules.edit_profile(present, wanted, limits)
    if edited is present:
        return present
    if edited.handle != present.handle:
        await limit_attempts(unit, settings, AttemptKind.HANDLE_OF_MEMBER, str(member_id))
        look = look_of(edited.handle)
        if not await members.take_handle(unit, edited.handle, look, look_hash(look, looks_key), member_id):
            raise HandleTaken(edited.handle)
    if not await members.save_profile(unit, edited):
        raise VersionStale(profile_etag(await read_own_profile(unit, member_id)))
    changed = [part for part in PARTS if getattr(edited, part) != getattr(present, part)]
    unit.record_act("own_profile", f"members/{member_id}", {"changed": changed, "version": edited.version})
    return edited
