"""Passkeys of members; one that is removed stays as a row, for the certificates that it signed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.contract_wallets import CONTRACT_WALLET
from chassis.unit_of_work import UnitOfWork
from services.identity.store.keys import WALLET

_COLUMNS = (
    "id, member_id, credential_id, public_key, user_handle, sign_count, backed_up, name, added_at, used_at"
)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A member's passkey; `credential_id` is base64url, `public_key` COSE, `sign_count` the last one seen."""

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
    locked = await raw.fetchval(
        "SELECT id FROM passkeys WHERE credential_id = $1 AND removed_at IS NULL FOR UPDATE", credential_id
    )
    # A statement that waited for a lock has an old snapshot: the counter is read by the next one.
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM passkeys WHERE id = $1 AND removed_at IS NULL",  # noqa: S608 - this file's own columns
        locked,
    )
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
        f"""
        SELECT {_COLUMNS} FROM passkeys
        WHERE member_id = $1 AND removed_at IS NULL AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id LIMIT $3 + 1
        """,  # noqa: S608 - this file's own columns
        member_id,
        after,
        limit,
    )
    return [_passkey(row) for row in rows]


async def count_passkeys(unit: UnitOfWork, member_id: UUID) -> int:
    raw = await unit.raw()
    return (
        await raw.fetchval(
            "SELECT count(*) FROM passkeys WHERE member_id = $1 AND removed_at IS NULL", member_id
        )
        or 0
    )


async def count_keys(unit: UnitOfWork, member_id: UUID) -> int:
    """By how many keys the member can sign in: wallets and living passkeys."""
    raw = await unit.raw()
    wallets = await raw.fetchval(
        "SELECT count(*) FROM member_keys WHERE member_id = $1 AND kind = ANY($2)",
        member_id,
        [WALLET, CONTRACT_WALLET],
    )
    return (wallets or 0) + await count_passkeys(unit, member_id)


async def removed_at(unit: UnitOfWork, member_id: UUID, passkey_id: UUID) -> tuple[bool, datetime | None]:
    """Whether the member has or had this passkey, and when it was removed."""
    raw = await unit.raw()
    row = await raw.fetchrow(
        "SELECT removed_at FROM passkeys WHERE id = $1 AND member_id = $2", passkey_id, member_id
    )
    return (False, None) if row is None else (True, row["removed_at"])


async def remove_passkey(unit: UnitOfWork, passkey_id: UUID) -> None:
    raw = await unit.raw()
    await raw.execute("UPDATE passkeys SET removed_at = $2 WHERE id = $1", passkey_id, unit.now)
