"""Suspensions as rows."""

from collections.abc import Sequence
from dataclasses import astuple
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.exclusion.domain.suspension import Suspension

_COLUMNS = "union_id, id, member_id, ordered_by, ground, began_at, ends_at, lifted_at, lifted_by"
_ONE = f"SELECT {_COLUMNS} FROM suspensions WHERE union_id = $1 AND id = $2"  # noqa: S608 - this file's own text
_RUNNING = f"""
SELECT {_COLUMNS} FROM suspensions
WHERE union_id = $1 AND member_id = $2 AND lifted_at IS NULL AND ends_at > $3 LIMIT 1
"""  # noqa: S608 - this file's own text
_LISTED = f"""
SELECT {_COLUMNS} FROM suspensions
WHERE union_id = $1 AND ($2::uuid IS NULL OR member_id = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""  # noqa: S608 - this file's own text
_ADD = f"INSERT INTO suspensions ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608 - made of this file's own text


def _suspension(row: asyncpg.Record) -> Suspension:
    return Suspension(*row.values())


async def add_suspension(unit: UnitOfWork, suspension: Suspension) -> None:
    await (await unit.raw()).execute(_ADD, *astuple(suspension))


async def find_suspension(
    unit: UnitOfWork, union_id: UUID, suspension_id: UUID, *, lock: bool = False
) -> Suspension | None:
    raw = await unit.raw()
    row = await raw.fetchrow(f"{_ONE} FOR UPDATE" if lock else _ONE, union_id, suspension_id)
    return None if row is None else _suspension(row)


async def running_suspension(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> Suspension | None:
    row = await (await unit.raw()).fetchrow(_RUNNING, union_id, member_id, unit.now)
    return None if row is None else _suspension(row)


async def list_suspensions(
    unit: UnitOfWork, union_id: UUID, member_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Suspension]:
    """The newest first, of one member or of all; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_LISTED, union_id, member_id, before, limit + 1)
    return [_suspension(row) for row in rows]


async def save_lifting(unit: UnitOfWork, suspension: Suspension) -> None:
    await (await unit.raw()).execute(
        "UPDATE suspensions SET lifted_at = $3, lifted_by = $4 WHERE union_id = $1 AND id = $2",
        suspension.union_id,
        suspension.id,
        suspension.lifted_at,
        suspension.lifted_by,
    )
