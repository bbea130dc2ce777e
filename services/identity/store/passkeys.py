"""Passkeys of members; one that is removed stays as a row, for the certificates that it signed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork

_COLUMNS = (
    "id, member_id, credential_id, public_key, user_handle, sign_count, backed_up, name, added_at, used_at"
)

_OWN = """
SELECT id, passkeys.member_id, credential_id, public_key, user_handle, sign_count, backed_up, passkeys.name,
       passkeys.added_at, used_at, member_keys.removed_at
FROM passkeys JOIN member_keys ON member_keys.kind = 'passkey' AND member_keys.identifier = credential_id
"""
_LIVES = "(member_keys.removed_at IS NULL OR member_keys.removed_at > $1)"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A member's passkey; `credential_id` is base64url, `public_key` COSE, `sign_count` the last one seen.

    `removed_at`: until when it signs in, where its removal waits.
    """

    id: UUID
    member_id: UUID
    credential_id: str
    public_key: bytes
    user_handle: bytes
    sign_count: int
    backed_up: bool
    name: str
    added_at: datetime
    used_at: datetime
    removed_at: datetime | None = None


def _passkey(row: asyncpg.Record) -> Passkey:
    return Passkey(*row.values())


async def add_passkey(unit: UnitOfWork, passkey: Passkey) -> None:
    """Its credential is the member's key already."""
    raw = await unit.raw()
    await raw.execute(
        f"INSERT INTO passkeys ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",  # noqa: S608 - this file's own columns
        passkey.id,
        passkey.member_id,
        passkey.credential_id,
        passkey.public_key,
        passkey.user_handle,
        passkey.sign_count,
        passkey.backed_up,
        passkey.name,
        passkey.added_at,
        passkey.used_at,
    )


async def lock_passkey(unit: UnitOfWork, credential_id: str) -> Passkey | None:
    """The living passkey, held: two signatures at once are counted one after the other."""
    raw = await unit.raw()
    locked = await raw.fetchval("SELECT id FROM passkeys WHERE credential_id = $1 FOR UPDATE", credential_id)
    # A statement that waited for a lock has an old snapshot: the counter is read by the next one.
    row = await raw.fetchrow(f"{_OWN} WHERE id = $2 AND {_LIVES}", unit.now, locked)
    return None if row is None else _passkey(row)


async def use_passkey(unit: UnitOfWork, passkey_id: UUID, sign_count: int, backed_up: bool) -> None:
    raw = await unit.raw()
    await raw.execute(
        "UPDATE passkeys SET sign_count = $2, backed_up = $3, used_at = $4 WHERE id = $1",
        passkey_id,
        sign_count,
        backed_up,
        unit.now,
    )


async def passkeys_of(unit: UnitOfWork, member_id: UUID, after: UUID | None, limit: int) -> list[Passkey]:
    """The living ones in the order of their making, one more than `limit` where there are."""
    raw = await unit.raw_reads()
    rows = await raw.fetch(
        f"{_OWN} WHERE passkeys.member_id = $2 AND {_LIVES} AND ($3::uuid IS NULL OR id > $3) "
        "ORDER BY id LIMIT $4 + 1",
        unit.now,
        member_id,
        after,
        limit,
    )
    return [_passkey(row) for row in rows]


async def find_passkey(unit: UnitOfWork, member_id: UUID, passkey_id: UUID) -> Passkey | None:
    """One that the member has or had."""
    raw = await unit.raw()
    row = await raw.fetchrow(f"{_OWN} WHERE id = $1 AND passkeys.member_id = $2", passkey_id, member_id)
    return None if row is None else _passkey(row)


async def name_passkey(unit: UnitOfWork, passkey_id: UUID, name: str) -> None:
    await (await unit.raw()).execute("UPDATE passkeys SET name = $2 WHERE id = $1", passkey_id, name)


async def count_passkeys(unit: UnitOfWork, member_id: UUID) -> int:
    raw = await unit.raw()
    query = f"SELECT count(*) FROM ({_OWN} WHERE passkeys.member_id = $2 AND {_LIVES}) AS living"  # noqa: S608 - this file's own text
    return await raw.fetchval(query, unit.now, member_id) or 0
