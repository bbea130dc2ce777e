"""Members and the handles that they have or had."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.handle import looks_like_id
from services.identity.domain.profile import Profile
from services.identity.store.tables import handles, members

_HOLDER = """
SELECT coalesce((SELECT member_id FROM handles WHERE handle = $1),
                (SELECT member_id FROM handle_looks WHERE look = $2))
"""
_KEEP_LOOK = """
INSERT INTO handle_looks (look, member_id, recorded_at) VALUES ($1, $2, $3) ON CONFLICT (look) DO NOTHING
"""
_KEEP_HANDLE = """
INSERT INTO handles (handle, member_id, taken_at) VALUES ($1, $2, $3) ON CONFLICT (handle) DO NOTHING
"""
_PROFILE = (members.c.id, members.c.handle, members.c.name, members.c.bio, members.c.version)


def _profile(row: RowMapping) -> Profile:
    return Profile(row["id"], row["handle"], row["name"], row["bio"], row["version"])


async def profile_of(unit: UnitOfWork, member_id: UUID) -> Profile | None:
    row = await unit.fetch_one(select(*_PROFILE).where(members.c.id == member_id))
    return None if row is None else _profile(row)


async def profile_named(unit: UnitOfWork, member: str) -> Profile | None:
    """The member with this id or handle; a former handle finds them too."""
    if looks_like_id(member):
        return await profile_of(unit, UUID(member))
    row = await unit.fetch_one(
        select(*_PROFILE)
        .join(handles, handles.c.member_id == members.c.id)
        .where(handles.c.handle == member.lower())
    )
    return None if row is None else _profile(row)


async def profiles_of(unit: UnitOfWork, member_ids: Sequence[UUID]) -> list[Profile]:
    """In the order of ids; who is not there is left out."""
    rows = await unit.fetch_all(select(*_PROFILE).where(members.c.id.in_(member_ids)).order_by(members.c.id))
    return [_profile(row) for row in rows]


async def lock_member(unit: UnitOfWork, member_id: UUID) -> None:
    """Let what a member may do so many times be counted by one transaction after the other."""
    await unit.execute(select(members.c.id).where(members.c.id == member_id).with_for_update(key_share=True))


async def save_profile(unit: UnitOfWork, profile: Profile) -> bool:
    """Write the next version; False when another edit was first."""
    result = await unit.execute(
        update(members)
        .where(members.c.id == profile.member_id, members.c.version == profile.version - 1)
        .values(handle=profile.handle, name=profile.name, bio=profile.bio, version=profile.version)
    )
    return result.rowcount == 1


async def take_handle(unit: UnitOfWork, handle: str, look: str, member_id: UUID) -> bool:
    """Keep the handle, and all that look like it, for this member for ever; False where another has one, and
    then the transaction is not to be committed.

    Who comes second waits for the first to commit. Every refusal takes the same statements, so that none
    tells which handle there is. A handle from before looks were kept may look like an older one; its own
    member can have it back.
    """
    raw = await unit.raw()
    await raw.execute(_KEEP_LOOK, look, member_id, unit.now)
    if await raw.fetchval(_HOLDER, handle, look) != member_id:
        return False
    await raw.execute(_KEEP_HANDLE, handle, member_id, unit.now)
    return True
