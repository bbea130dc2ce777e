"""Deletions, and what stands in their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.deletion import Deletion, DeletionState

_LAST = """
SELECT member_id, number, state, asked_at, due_at, ended_at FROM account_deletions
WHERE member_id = $1 ORDER BY number DESC LIMIT 1
"""
_SAVE = """
INSERT INTO account_deletions (member_id, number, state, asked_at, due_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (member_id, number) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at
"""
_HEADED = """
SELECT u.id, u.slug, u.name,
       (SELECT coalesce(sum(active_members), 0) FROM member_counts c WHERE c.union_id = u.id)::bigint
           AS members_count
FROM memberships m JOIN unions u ON u.id = m.union_id
WHERE m.member_id = $1 AND m.role = 'founder' AND u.state = 'active' ORDER BY u.id
"""
# The founder's go first: they alone can stand in the way.
_NEXT_MEMBERSHIP = """
SELECT union_id FROM memberships WHERE member_id = $1 AND state IN ('active', 'suspended')
ORDER BY role <> 'founder', union_id LIMIT 1
"""
_COUNTS = """
SELECT (SELECT count(*) FROM memberships WHERE member_id = $1 AND state IN ('active', 'suspended')) AS living,
       (SELECT count(*) FROM memberships WHERE member_id = $1) AS memberships,
       (SELECT count(*) FROM office_holdings o JOIN memberships m USING (union_id, member_id)
        WHERE m.member_id = $1 AND o.ended_at IS NULL AND o.until > $2) AS offices,
       (SELECT count(*) FROM business_shares s JOIN memberships m USING (union_id, member_id)
        WHERE m.member_id = $1) AS stakes,
       (SELECT count(*) FROM member_keys
        WHERE member_id = $1 AND (removed_at IS NULL OR removed_at > $2)) AS keys,
       (SELECT count(*) FROM device_keys WHERE member_id = $1 AND revoked_at IS NULL) AS devices
"""
_WAITING_RECOVERY = """
SELECT id FROM recoveries WHERE member_id = $1 AND state = 'waiting' ORDER BY id LIMIT 1
"""
_ASKED_BEFORE = """
SELECT max(CASE WHEN state = 'waiting' THEN waits_until ELSE expires_at END) FROM recoveries
WHERE member_id = $1 AND asked_at <= $2
  AND (state = 'waiting' OR state IN ('asked', 'cancelled') AND expires_at > $3)
"""


@dataclass(frozen=True, slots=True)
class HeadedUnion:
    """A living union whose founder's office somebody holds; `members_count` has them in it."""

    id: UUID
    slug: str
    name: str
    members_count: int


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """What a member has: living memberships, all of them, offices, businesses with shares of theirs, keys,
    devices."""

    living: int
    memberships: int
    offices: int
    stakes: int
    keys: int
    devices: int


def _deletion(row: asyncpg.Record) -> Deletion:
    return Deletion(
        row["member_id"],
        row["number"],
        DeletionState(row["state"]),
        row["asked_at"],
        row["due_at"],
        row["ended_at"],
    )


async def last_deletion(unit: UnitOfWork, member_id: UUID, *, lock: bool = False) -> Deletion | None:
    """Locked, it stays so until the commit. Whoever locks the member too does that first."""
    raw = await unit.raw()
    row = await raw.fetchrow(f"{_LAST} FOR UPDATE" if lock else _LAST, member_id)
    return None if row is None else _deletion(row)


async def save_deletion(unit: UnitOfWork, deletion: Deletion) -> None:
    await (await unit.raw()).execute(
        _SAVE,
        deletion.member_id,
        deletion.number,
        deletion.state.value,
        deletion.asked_at,
        deletion.due_at,
        deletion.ended_at,
    )


async def headed_unions(unit: UnitOfWork, member_id: UUID) -> Sequence[HeadedUnion]:
    """The living ones: as few as one member may found."""
    rows = await (await unit.raw()).fetch(_HEADED, member_id)
    return [HeadedUnion(*row.values()) for row in rows]


async def next_membership(unit: UnitOfWork, member_id: UUID) -> UUID | None:
    """The union that is left next; None where the member is out of all."""
    return await (await unit.raw()).fetchval(_NEXT_MEMBERSHIP, member_id)


async def own_counts(unit: UnitOfWork, member_id: UUID) -> OwnCounts:
    row = await (await unit.raw()).fetchrow(_COUNTS, member_id, unit.now)
    assert row is not None
    return OwnCounts(*row.values())


async def waiting_recovery(unit: UnitOfWork, member_id: UUID) -> UUID | None:
    return await (await unit.raw()).fetchval(_WAITING_RECOVERY, member_id)


async def undecided_until(unit: UnitOfWork, deletion: Deletion) -> datetime | None:
    """When the last recovery is decided that was asked for before the deletion was due. Later ones count for
    nothing, so that no stranger holds a deletion off for ever."""
    raw = await unit.raw()
    return await raw.fetchval(_ASKED_BEFORE, deletion.member_id, deletion.due_at, unit.now)
