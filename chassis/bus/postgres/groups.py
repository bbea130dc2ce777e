"""Where the groups stand: one offset for each group and partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

_NAME = """
INSERT INTO consumer_groups (name)
SELECT $1 WHERE NOT EXISTS (SELECT FROM consumer_groups WHERE name = $1) ON CONFLICT (name) DO NOTHING
"""
# A group that begins misses no fact that was gone before: `facts_from` remembers the low-water mark it saw.
_BEGIN = """
INSERT INTO group_offsets (group_id, partition, position, facts_from)
SELECT $1, partition, 0, low_water FROM heads
ON CONFLICT (group_id, partition) DO NOTHING
"""
_OFFSETS = "SELECT partition, position, facts_from FROM group_offsets WHERE group_id = $1"
# Only from where the replica read: one that lost its lease unnoticed may commit late, and one whose group was
# restarted meanwhile must not carry it forward again.
_MOVE = """
UPDATE group_offsets SET position = row.position
FROM unnest($2::integer[], $3::bigint[], $4::bigint[]) AS row (partition, read_from, position)
WHERE group_id = $1 AND group_offsets.partition = row.partition AND group_offsets.position = row.read_from
  AND group_offsets.position < row.position
"""
_RESTART = """
UPDATE group_offsets SET position = 0, facts_from = heads.low_water
FROM heads WHERE heads.partition = group_offsets.partition AND group_id = $1
"""


@dataclass(frozen=True, slots=True)
class Offset:
    """All up to `position` has been consumed. Facts up to `facts_from` were gone when the group began."""

    position: int
    facts_from: int


async def group_id_of(connection: asyncpg.Connection, group: str) -> int:
    """The group's number; a new group begins at the beginning."""
    await connection.execute(_NAME, group)
    row = await connection.fetchrow("SELECT id FROM consumer_groups WHERE name = $1", group)
    assert row is not None
    await connection.execute(_BEGIN, row["id"])
    return int(row["id"])


async def read_offsets(connection: asyncpg.Connection, group_id: int) -> dict[int, Offset]:
    rows = await connection.fetch(_OFFSETS, group_id)
    return {row["partition"]: Offset(row["position"], row["facts_from"]) for row in rows}


async def move_offsets(
    connection: asyncpg.Connection,
    group_id: int,
    read_from: Mapping[int, Offset],
    positions: Mapping[int, int],
) -> None:
    """Say how far partitions have been consumed, beginning at `read_from`."""
    begun = [read_from[partition].position for partition in positions]
    await connection.execute(_MOVE, group_id, list(positions), begun, list(positions.values()))


async def restart(connection: asyncpg.Connection, group_id: int) -> None:
    """Back to the beginning of what the bus keeps."""
    await connection.execute(_RESTART, group_id)
