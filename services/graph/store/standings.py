"""Published epochs of standing, and a leader's neighbourhood as it was at one, for explaining it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.changes import GENERAL_TOPIC, ChangeKind

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

CHUNK_MEMBERS_COUNT = 1_000

_NEWEST = """
SELECT epoch, version, computed_at, damping_basis_points, roots_count, dangling FROM standing_epochs
WHERE union_id = $1 ORDER BY epoch DESC LIMIT 1
"""
_BEGIN = """
INSERT INTO standing_epochs (union_id, epoch, version, computed_at, damping_basis_points, roots_count,
                             dangling)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (union_id, epoch) DO NOTHING
"""
_CHUNK = """
INSERT INTO standing_chunks (union_id, epoch, chunk, member_ids, standings) VALUES ($1, $2, $3, $4, $5)
"""
_LOAD = "SELECT member_ids, standings FROM standing_chunks WHERE union_id = $1 AND epoch = $2 ORDER BY chunk"
_SUPPORTERS = """
SELECT subject_id FROM (
    SELECT DISTINCT ON (subject_id) subject_id, holds FROM graph_changes
    WHERE union_id = $1 AND kind = 2 AND object_id = $2 AND version <= $3 AND topic = $4
    ORDER BY subject_id, version DESC
) newest WHERE holds AND NOT subject_id = ANY($5::uuid[])
"""
_ABSENT = """
SELECT subject_id FROM (
    SELECT DISTINCT ON (subject_id) subject_id, holds FROM graph_changes
    WHERE union_id = $1 AND kind = 1 AND version <= $2 AND subject_id = ANY(ARRAY(
        SELECT gone.subject_id FROM graph_changes gone
        WHERE gone.union_id = $1 AND gone.kind = 1 AND NOT gone.holds AND gone.version <= $2
    ))
    ORDER BY subject_id, version DESC
) newest WHERE NOT holds
"""
_BACKED_COUNTS = """
SELECT subject_id, count(*) AS backed_count FROM (
    SELECT DISTINCT ON (subject_id, object_id) subject_id, object_id, holds FROM graph_changes
    WHERE union_id = $1 AND kind = 2 AND subject_id = ANY($2::uuid[]) AND version <= $3 AND topic = $4
    ORDER BY subject_id, object_id, version DESC
) newest WHERE holds AND NOT object_id = ANY($5::uuid[])
GROUP BY subject_id
"""
_IS_ROOT = """
SELECT holds AND is_root FROM graph_changes
WHERE union_id = $1 AND kind = $4 AND subject_id = $2 AND version <= $3 ORDER BY version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One publication of everybody's standing; `version` is that of the graph that was ranked."""

    number: int
    version: int
    computed_at: datetime
    damping_basis_points: int
    roots_count: int
    dangling: float

    @property
    def damping(self) -> float:
        return self.damping_basis_points / 10_000


async def newest_epoch(source: asyncpg.Connection | ReadPool, union_id: UUID) -> Epoch | None:
    row = await source.fetchrow(_NEWEST, union_id)
    return None if row is None else Epoch(*row)


async def load_standings(
    source: asyncpg.Connection | ReadPool, union_id: UUID, epoch: int
) -> dict[UUID, float]:
    """Everybody's standing in an epoch; empty when it is not kept any more."""
    standing_of: dict[UUID, float] = {}
    for row in await source.fetch(_LOAD, union_id, epoch):
        standing_of.update(zip(row["member_ids"], row["standings"], strict=True))
    return standing_of


async def publish_epoch(
    raw: asyncpg.Connection, union_id: UUID, epoch: Epoch, standings: Sequence[tuple[UUID, float]]
) -> bool:
    """Write an epoch whole; False when another process has published it first."""
    done = await raw.execute(
        _BEGIN,
        union_id,
        epoch.number,
        epoch.version,
        epoch.computed_at,
        epoch.damping_basis_points,
        epoch.roots_count,
        epoch.dangling,
    )
    if done == "INSERT 0 0":
        return False
    rows: list[tuple[UUID, int, int, list[UUID], list[float]]] = []
    for start in range(0, len(standings), CHUNK_MEMBERS_COUNT):
        part = standings[start : start + CHUNK_MEMBERS_COUNT]
        rows.append((union_id, epoch.number, len(rows), [row[0] for row in part], [row[1] for row in part]))
    await raw.executemany(_CHUNK, rows)
    return True


async def drop_epochs(raw: asyncpg.Connection, union_id: UUID, before: int) -> None:
    """Forget the standings of older epochs; what they were ranked from is in the change table for ever."""
    await raw.execute("DELETE FROM standing_chunks WHERE union_id = $1 AND epoch < $2", union_id, before)
    await raw.execute("DELETE FROM standing_epochs WHERE union_id = $1 AND epoch < $2", union_id, before)


async def backlinks_counts_of_supporters(
    source: asyncpg.Connection | ReadPool, union_id: UUID, leader_id: UUID, version: int
) -> dict[UUID, int]:
    """A leader's counting supporters at a version, each with how many they backed then."""
    absent = [row["subject_id"] for row in await source.fetch(_ABSENT, union_id, version)]
    found = await source.fetch(_SUPPORTERS, union_id, leader_id, version, GENERAL_TOPIC, absent)
    supporters = [row["subject_id"] for row in found]
    rows = await source.fetch(_BACKED_COUNTS, union_id, supporters, version, GENERAL_TOPIC, absent)
    return {row["subject_id"]: row["backed_count"] for row in rows}


async def was_root(
    source: asyncpg.Connection | ReadPool, union_id: UUID, member_id: UUID, version: int
) -> bool:
    return bool(await source.fetchval(_IS_ROOT, union_id, member_id, version, ChangeKind.MEMBERSHIP))
