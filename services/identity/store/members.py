"""Members and the handles that they have or had."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import select

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.handle import looks_like_id
from services.identity.domain.privacy import Circle, Privacy
from services.identity.domain.profile import Profile
from services.identity.store.shown_names import shares_union
from services.identity.store.tables import members

_PROFILE = """
SELECT m.id, m.handle, m.name, m.bio, m.version, m.links, m.avatar, m.privacy,
       ARRAY(SELECT skill FROM member_skills s WHERE s.member_id = m.id ORDER BY skill) AS skills,
       (SELECT public_key FROM encryption_keys k WHERE k.member_id = m.id ORDER BY version DESC LIMIT 1)
           AS encryption_key
FROM members m WHERE m.erasing_since IS NULL
"""
_OF_HANDLE = f"{_PROFILE} AND m.id = (SELECT member_id FROM handles WHERE handle = $1)"  # noqa: S608 - made of this file's own text
_SHARING = f"""
SELECT member FROM unnest($2::uuid[]) AS member WHERE {shares_union("member", "$1")}
"""  # noqa: S608 - made of this house's own text
_SAVE = """
UPDATE members
SET handle = $3, name = $4, bio = $5, version = $2, links = $6, avatar = $7, privacy = $8::jsonb
WHERE id = $1 AND version = $2 - 1
"""
_SAVE_SKILLS = """
WITH gone AS (DELETE FROM member_skills WHERE member_id = $1 AND skill <> ALL ($2::text[]))
INSERT INTO member_skills (member_id, skill) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING
"""
_HOLDER = """
SELECT coalesce((SELECT member_id FROM handles WHERE handle = $1),
                (SELECT $4::uuid FROM erased_looks WHERE look_hash = $3 AND kept_until > $5),
                (SELECT member_id FROM handle_looks WHERE look = $2))
"""
_NOBODY = UUID(int=0)
_KEEP_LOOK = """
INSERT INTO handle_looks (look, member_id, recorded_at) VALUES ($1, $2, $3) ON CONFLICT (look) DO NOTHING
"""
_KEEP_HANDLE = """
INSERT INTO handles (handle, member_id, taken_at) VALUES ($1, $2, $3) ON CONFLICT (handle) DO NOTHING
"""


def _profile(row: asyncpg.Record) -> Profile:
    return Profile(
        member_id=row["id"],
        handle=row["handle"],
        name=row["name"],
        bio=row["bio"],
        version=row["version"],
        skills=tuple(row["skills"]),
        links=tuple(row["links"]),
        avatar=row["avatar"],
        encryption_key=row["encryption_key"],
        privacy=Privacy({part: Circle(circle) for part, circle in row["privacy"].items()}),
    )


async def profile_of(unit: UnitOfWork, member_id: UUID) -> Profile | None:
    row = await (await unit.raw()).fetchrow(f"{_PROFILE} AND m.id = $1", member_id)
    return None if row is None else _profile(row)


async def profile_named(unit: UnitOfWork, member: str) -> Profile | None:
    """The member with this id or handle; a former handle finds them too."""
    if looks_like_id(member):
        return await profile_of(unit, UUID(member))
    row = await (await unit.raw()).fetchrow(_OF_HANDLE, member.lower())
    return None if row is None else _profile(row)


async def profiles_of(unit: UnitOfWork, member_ids: Sequence[UUID]) -> list[Profile]:
    """In the order of ids; who is not there is left out."""
    query = f"{_PROFILE} AND m.id = ANY ($1::uuid[]) ORDER BY m.id"
    return [_profile(row) for row in await (await unit.raw()).fetch(query, member_ids)]


async def sharing_unions(unit: UnitOfWork, reader_id: UUID, member_ids: Sequence[UUID]) -> Collection[UUID]:
    """Which of them are active in a union in which the reader is active."""
    rows = await (await unit.raw()).fetch(_SHARING, reader_id, member_ids)
    return {row["member"] for row in rows}


async def lock_member(unit: UnitOfWork, member_id: UUID) -> None:
    """Let what a member may do so many times be counted by one transaction after the other."""
    await unit.execute(select(members.c.id).where(members.c.id == member_id).with_for_update(key_share=True))


async def save_profile(unit: UnitOfWork, profile: Profile) -> bool:
    """Write the next version, all but its encryption key; False when another edit was first."""
    raw = await unit.raw()
    saved = await raw.execute(
        _SAVE,
        profile.member_id,
        profile.version,
        profile.handle,
        profile.name,
        profile.bio,
        list(profile.links),
        profile.avatar,
        orjson.dumps(dict(profile.privacy.said)).decode(),
    )
    if saved != "UPDATE 1":
        return False
    await raw.execute(_SAVE_SKILLS, profile.member_id, list(profile.skills))
    return True


async def take_handle(unit: UnitOfWork, handle: str, look: str, erased_hash: bytes, member_id: UUID) -> bool:
    """Keep the handle, and all that look like it, for this member for ever; False where another has one, and
    then the transaction is not to be committed.

    Who comes second waits for the first to commit. Every refusal takes the same statements, so that none
    tells which handle there is. A handle from before looks were kept may look like an older one; its own
    member can have it back. `erased_hash`: by which a look is remembered whose member was erased.
    """
    raw = await unit.raw()
    await raw.execute(_KEEP_LOOK, look, member_id, unit.now)
    if await raw.fetchval(_HOLDER, handle, look, erased_hash, _NOBODY, unit.now) != member_id:
        return False
    await raw.execute(_KEEP_HANDLE, handle, member_id, unit.now)
    return True
