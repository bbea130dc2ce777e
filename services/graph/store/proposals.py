"""Backlinks that the founder proposed: seen by their supporter alone, counted nowhere, gone after a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.backlink_import import Row
from services.graph.store.backlinks import FIRST

if TYPE_CHECKING:
    import asyncpg

COLUMNS = ("union_id", "supporter_id", "leader_id", "import_id", "expires_at")
IMPORT_LOCK = 0x67726170

_LOCK = "SELECT pg_advisory_xact_lock($1, hashtext($2))"
_PAGE = """
SELECT leader_id, import_id, expires_at FROM backlink_proposals
WHERE union_id = $1 AND supporter_id = $2 AND leader_id > $3 AND expires_at > $4
ORDER BY leader_id LIMIT $5
"""
_TAKE = """
DELETE FROM backlink_proposals
WHERE union_id = $1 AND supporter_id = $2 AND leader_id = ANY($3::uuid[]) AND expires_at > $4
RETURNING leader_id
"""
_EXPIRE = "DELETE FROM backlink_proposals WHERE union_id = $1 AND expires_at <= $2"
_PROPOSED = """
SELECT p.supporter_id, p.leader_id
FROM unnest($2::uuid[], $3::uuid[]) AS wanted (supporter_id, leader_id)
JOIN backlink_proposals p USING (supporter_id, leader_id)
WHERE p.union_id = $1 AND p.expires_at > $4
"""
_COUNTS = """
SELECT supporter_id, count(*) AS waiting FROM backlink_proposals
WHERE union_id = $1 AND supporter_id = ANY($2::uuid[]) AND expires_at > $3 GROUP BY supporter_id
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    leader_id: UUID
    import_id: UUID
    expires_at: datetime


async def lock_proposing(raw: asyncpg.Connection, union_id: UUID) -> None:
    """One import at a time in a union; backing and confirming go on beside it."""
    await raw.execute(_LOCK, IMPORT_LOCK, str(union_id))


async def propose(
    raw: asyncpg.Connection, union_id: UUID, import_id: UUID, expires_at: datetime, pairs: Iterable[Row]
) -> None:
    await raw.copy_records_to_table(
        "backlink_proposals",
        columns=COLUMNS,
        records=((union_id, supporter, leader, import_id, expires_at) for supporter, leader in pairs),
    )


async def proposals_of(
    raw: asyncpg.Connection,
    union_id: UUID,
    supporter_id: UUID,
    *,
    now: datetime,
    after_leader_id: UUID | None,
    limit: int,
) -> list[Proposal]:
    rows = await raw.fetch(_PAGE, union_id, supporter_id, after_leader_id or FIRST, now, limit)
    return [Proposal(*row) for row in rows]


async def take_proposals(
    raw: asyncpg.Connection, union_id: UUID, supporter_id: UUID, leader_ids: list[UUID], now: datetime
) -> set[UUID]:
    """Remove those of these proposals that wait; returns their leaders."""
    rows = await raw.fetch(_TAKE, union_id, supporter_id, leader_ids, now)
    return {row["leader_id"] for row in rows}


async def remove_expired(raw: asyncpg.Connection, union_id: UUID, now: datetime) -> int:
    """How many were gone."""
    done = await raw.execute(_EXPIRE, union_id, now)
    return int(done.removeprefix("DELETE "))


async def proposed_pairs(
    raw: asyncpg.Connection, union_id: UUID, pairs: Iterable[Row], now: datetime
) -> set[Row]:
    """Which of these are proposed already."""
    listed = list(pairs)
    supporters, leaders = [pair[0] for pair in listed], [pair[1] for pair in listed]
    rows = await raw.fetch(_PROPOSED, union_id, supporters, leaders, now)
    return {(row["supporter_id"], row["leader_id"]) for row in rows}


async def waiting_counts(
    raw: asyncpg.Connection, union_id: UUID, supporter_ids: Iterable[UUID], now: datetime
) -> dict[UUID, int]:
    rows = await raw.fetch(_COUNTS, union_id, list(supporter_ids), now)
    return {row["supporter_id"]: row["waiting"] for row in rows}
