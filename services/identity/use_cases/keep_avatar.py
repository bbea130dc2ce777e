"""One's own picture: shown, changed, taken away."""

from dataclasses import replace
from uuid import UUID

from chassis.files.errors import FileNotFound
from chassis.files.house import FileHouse, Received
from chassis.files.tables import StoredFile, Subject
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.profile import Profile
from services.identity.operators.use_cases.require_shown import require_picture
from services.identity.store import members
from services.identity.use_cases.read_profile import read_own_profile

AVATAR = "avatar"
# The former one goes in the same transaction, after the new one has come.
_FILES_MAX = 2


def avatar_of(member_id: UUID) -> Subject:
    """A member's picture belongs to no union: their own id stands in its place."""
    return Subject(member_id, AVATAR, member_id)


async def show_avatar(
    unit: UnitOfWork, files: FileHouse, member_id: UUID, received: Received
) -> tuple[Profile, bool]:
    """The profile with this picture, and whether that is new. Raises PictureTakenDown, what FileHouse.add
    raises."""
    present = await _held(unit, member_id)
    if present.avatar == received.digest:
        return present, False
    await require_picture(unit, member_id, received)
    await files.add(unit, avatar_of(member_id), member_id, "", received, _FILES_MAX)
    return await _change(unit, files, present, received.digest), True


async def remove_avatar(unit: UnitOfWork, files: FileHouse, member_id: UUID) -> None:
    """A repeat changes nothing."""
    present = await _held(unit, member_id)
    if present.avatar is not None:
        await _change(unit, files, present, None)


async def take_down_avatar(
    unit: UnitOfWork, files: FileHouse, member_id: UUID, digest: bytes
) -> StoredFile | None:
    """By an operator: what was shown. None where the member does not show it."""
    present = await _held(unit, member_id)
    if present.avatar != digest:
        return None
    [shown] = [file for file in await files.files_of(unit, avatar_of(member_id)) if file.digest == digest]
    await _change(unit, files, present, None, right="operator")
    return shown


async def read_avatar(
    unit: UnitOfWork, files: FileHouse, member_id: UUID, digest: bytes
) -> tuple[StoredFile, bytes]:
    """The picture that a link leads to. Raises FileNotFound, StorageUnavailable."""
    profile = await members.profile_of(unit, member_id)
    if profile is None or profile.avatar != digest:
        raise FileNotFound(digest.hex())
    return await files.content_of(unit, avatar_of(member_id), digest)


async def _held(unit: UnitOfWork, member_id: UUID) -> Profile:
    await members.lock_member(unit, member_id)
    return await read_own_profile(unit, member_id)


async def _change(
    unit: UnitOfWork, files: FileHouse, present: Profile, avatar: bytes | None, right: str = "own_profile"
) -> Profile:
    if present.avatar is not None:
        await files.remove(unit, avatar_of(present.member_id), present.avatar, present.member_id)
    changed = replace(present, avatar=avatar, version=present.version + 1)
    saved = await members.save_profile(unit, changed)
    assert saved, "the member is held"
    unit.record_act(
        right, f"members/{present.member_id}", {"changed": ["avatar"], "version": changed.version}
    )
    return changed
