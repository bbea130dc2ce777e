"""Which backlinks hold now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.backlink_import import Row
from services.graph.domain.changes import GENERAL_TOPIC, Change

if TYPE_CHECKING:
    import asyncpg

_FIND = """
SELECT supporter_id, leader_id, topic, version, since FROM backlinks
WHERE union_id = $1 AND supporter_id = $2 AND leader_id = $3 AND topic = $4
"""
_PUT = """
INSERT INTO backlinks (union_id, topic, since, supporter_id, leader_id, version)
SELECT $1, $2, $3, * FROM unnest($4::uuid[], $5::uuid[], $6::bigint[])
"""
_REMOVE = "DELETE FROM backlinks WHERE union_id = $1 AND supporter_id = $2 AND leader_id = $3 AND topic = $4"
_OF_SUPPORTER = """
SELECT supporter_id, leader_id, topic, version, since FROM backlinks
WHERE union_id = $1 AND supporter_id = $2 AND leader_id > $3 ORDER BY leader_id LIMIT $4
"""
_OF_LEADER = """
SELECT supporter_id, leader_id, topic, version, since FROM backlinks
WHERE union_id = $1 AND leader_id = $2 AND supporter_id > $3 ORDER BY supporter_id LIMIT $4
"""
_HELD = """
SELECT b.supporter_id, b.leader_id
FROM unnest($2::uuid[], $3::uuid[]) AS wanted (supporter_id, leader_id)
JOIN backlinks b USING (supporter_id, leader_id)
WHERE b.union_id = $1 AND b.topic = $4
"""
_COUNTS = """
SELECT supporter_id, count(*) AS held FROM backlinks
WHERE union_id = $1 AND supporter_id = ANY($2::uuid[]) GROUP BY supporter_id
"""
_LEADERS = "SELECT leader_id FROM backlinks WHERE union_id = $1 AND supporter_id = $2 AND topic = $3"
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Backlink:
    """A backlink that holds; `version` is that of the change that made it."""

    supporter_id: UUID
    leader_id: UUID
    topic: str
    version: int
    since: datetime


async def find_backlink(
    raw: asyncpg.Connection, union_id: UUID, supporter_id: UUID, leader_id: UUID
) -> Backlink | None:
    row = await raw.fetchrow(_FIND, union_id, supporter_id, leader_id, GENERAL_TOPIC)
    return None if row is None else Backlink(*row)


async def leaders_of(raw: asyncpg.Connection, union_id: UUID, supporter_id: UUID) -> set[UUID]:
    """Whom a supporter backs: no more than the cap."""
    rows = await raw.fetch(_LEADERS, union_id, supporter_id, GENERAL_TOPIC)
    return {row["leader_id"] for row in rows}


async def put_backlinks(
    raw: asyncpg.Connection, union_id: UUID, now: datetime, changes: Sequence[Change]
) -> None:
    """Keep what these changes began."""
    await raw.execute(
        _PUT,
        union_id,
        GENERAL_TOPIC,
        now,
        [change.subject_id for change in changes],
        [change.object_id for change in changes],
        [change.version for change in changes],
    )


async def remove_backlink(
    raw: asyncpg.Connection, union_id: UUID, supporter_id: UUID, leader_id: UUID
) -> bool:
    """False when there was none."""
    done = await raw.execute(_REMOVE, union_id, supporter_id, leader_id, GENERAL_TOPIC)
    return done != "DELETE 0"


async def held_pairs(raw: asyncpg.Connection, union_id: UUID, pairs: Iterable[Row]) -> set[Row]:
    """Which of these backlinks hold."""
    listed = list(pairs)
    supporters, leaders = [pair[0] for pair in listed], [pair[1] for pair in listed]
    rows = await raw.fetch(_HELD, union_id, supporters, leaders, GENERAL_TOPIC)
    return {(row["supporter_id"], row["leader_id"]) for row in rows}


async def held_counts(
    raw: asyncpg.Connection, union_id: UUID, supporter_ids: Iterable[UUID]
) -> dict[UUID, int]:
    """How many backlinks each of these supporters has; those without are left out."""
    rows = await raw.fetch(_COUNTS, union_id, list(supporter_ids))
    return {row["supporter_id"]: row["held"] for row in rows}


async def backlinks_of_supporter(
    raw: asyncpg.Connection, union_id: UUID, supporter_id: UUID, after_leader_id: UUID | None, limit: int
) -> list[Backlink]:
    rows = await raw.fetch(_OF_SUPPORTER, union_id, supporter_id, after_leader_id or FIRST, limit)
    return [Backlink(*row) for row in rows]


async def backlinks_of_leader(
    raw: asyncpg.Connection, union_id: UUID, leader_id: UUID, after_supporter_id: UUID | None, limit: int
) -> list[Backlink]:
    rows = await raw.fetch(_OF_LEADER, union_id, leader_id, after_supporter_id or FIRST, limit)
    return [Backlink(*row) for row in rows]
