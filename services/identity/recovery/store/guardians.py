"""Sets of guardians: the one that holds, and the one that is to hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.recovery.domain.guardians import GuardianSet
from services.identity.store.shown_names import shown_name

_SETS = """
SELECT sets.*, array(
    SELECT guardian_id FROM guardians
    WHERE guardians.member_id = sets.member_id AND guardians.version = sets.version
      AND resigned_at IS NULL) AS guardians
FROM guardian_sets AS sets WHERE member_id = $1 AND withdrawn_at IS NULL
"""
_HOLDING = f"{_SETS} AND holds_from <= $2 ORDER BY version DESC LIMIT 1"
_WAITING = f"{_SETS} AND holds_from > $2 ORDER BY version DESC LIMIT 1"
_WARDS = f"""
SELECT m.id, m.handle, {shown_name("m", "$1")} AS name, sets.threshold, sets.holds_from
FROM (
    SELECT DISTINCT member_id FROM guardians
    WHERE guardian_id = $1 AND ($3::uuid IS NULL OR member_id > $3)) AS ward
CROSS JOIN LATERAL (
    SELECT version, threshold, holds_from FROM guardian_sets
    WHERE member_id = ward.member_id AND withdrawn_at IS NULL AND holds_from <= $2
    ORDER BY version DESC LIMIT 1) AS sets
JOIN members m ON m.id = ward.member_id
WHERE EXISTS (
    SELECT FROM guardians
    WHERE member_id = ward.member_id AND version = sets.version AND guardian_id = $1 AND resigned_at IS NULL)
ORDER BY m.id LIMIT $4
"""  # noqa: S608 - made of this house's own text


@dataclass(frozen=True, slots=True)
class Ward:
    """Whose guardian somebody is."""

    member_id: UUID
    handle: str
    name: str
    threshold: int
    since: datetime


def _set(row: asyncpg.Record) -> GuardianSet:
    return GuardianSet(
        row["member_id"],
        row["version"],
        row["threshold"],
        frozenset(row["guardians"]),
        row["named_at"],
        row["holds_from"],
    )


async def holding_set(unit: UnitOfWork, member_id: UUID) -> GuardianSet | None:
    """The guardians by now; None where none were ever named, or they are none any more."""
    row = await (await unit.raw()).fetchrow(_HOLDING, member_id, unit.now)
    return None if row is None or not row["guardians"] else _set(row)


async def waiting_set(unit: UnitOfWork, member_id: UUID) -> GuardianSet | None:
    """What is to hold later."""
    row = await (await unit.raw()).fetchrow(_WAITING, member_id, unit.now)
    return None if row is None else _set(row)


async def add_set(
    unit: UnitOfWork, member_id: UUID, threshold: int, guardians: Collection[UUID], holds_from: datetime
) -> None:
    """The caller holds the member's lock."""
    raw = await unit.raw()
    version: int | None = await raw.fetchval(
        """
        INSERT INTO guardian_sets (member_id, version, threshold, named_at, holds_from)
        SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM guardian_sets WHERE member_id = $1
        RETURNING version
        """,
        member_id,
        threshold,
        unit.now,
        holds_from,
    )
    await raw.execute(
        "INSERT INTO guardians (member_id, version, guardian_id) SELECT $1, $2, unnest($3::uuid[])",
        member_id,
        version,
        list(guardians),
    )


async def withdraw_waiting(unit: UnitOfWork, member_id: UUID) -> bool:
    """False where nothing waited."""
    raw = await unit.raw()
    status = await raw.execute(
        """
        UPDATE guardian_sets SET withdrawn_at = $2
        WHERE member_id = $1 AND withdrawn_at IS NULL AND holds_from > $2
        """,
        member_id,
        unit.now,
    )
    return status != "UPDATE 0"


async def wards_of(unit: UnitOfWork, guardian_id: UUID, after: UUID | None, limit: int) -> Sequence[Ward]:
    """One more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_WARDS, guardian_id, unit.now, after, limit + 1)
    return [Ward(*row.values()) for row in rows]


async def is_guardian(unit: UnitOfWork, member_id: UUID, version: int, guardian_id: UUID) -> bool:
    raw = await unit.raw()
    query = (
        "SELECT 1 FROM guardians "
        "WHERE member_id = $1 AND version = $2 AND guardian_id = $3 AND resigned_at IS NULL"
    )
    return await raw.fetchval(query, member_id, version, guardian_id) is not None


async def guardians_of_set(unit: UnitOfWork, member_id: UUID, version: int) -> Sequence[UUID]:
    raw = await unit.raw()
    query = (
        "SELECT guardian_id FROM guardians WHERE member_id = $1 AND version = $2 AND resigned_at IS NULL "
        "ORDER BY guardian_id"
    )
    return [row["guardian_id"] for row in await raw.fetch(query, member_id, version)]


async def resign(unit: UnitOfWork, member_id: UUID, guardian_id: UUID) -> bool:
    """In all sets of the member's, those that are to hold, too. False where they were no guardian."""
    raw = await unit.raw()
    status = await raw.execute(
        """
        UPDATE guardians SET resigned_at = $3
        WHERE member_id = $1 AND guardian_id = $2 AND resigned_at IS NULL
        """,
        member_id,
        guardian_id,
        unit.now,
    )
    return status != "UPDATE 0"
