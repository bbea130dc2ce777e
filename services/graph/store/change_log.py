"""Writing and reading the change table of a union.

Whoever writes holds the union's row of `graph_heads` until COMMIT: versions are gapless, and a reader who has
seen one has seen all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.changes import GENERAL_TOPIC, Change, ChangeKind

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_OPEN = "SELECT version FROM graph_heads WHERE union_id = $1 FOR UPDATE"
_BEGIN = "INSERT INTO graph_heads (union_id, version) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_WRITE = """
WITH head AS (UPDATE graph_heads SET version = $10 WHERE union_id = $1)
INSERT INTO graph_changes (union_id, recorded_at, version, kind, subject_id, object_id, holds, is_root, topic)
SELECT $1, $2, * FROM unnest($3::bigint[], $4::smallint[], $5::uuid[], $6::uuid[], $7::boolean[],
                             $8::boolean[], $9::text[])
"""
_READ = """
SELECT version, kind, subject_id, object_id, holds, is_root, topic FROM graph_changes
WHERE union_id = $1 AND version > $2 ORDER BY version LIMIT $3
"""


@dataclass(slots=True)
class ChangeLog:
    """The end of a union's changes, held by this transaction; `record` gives each its version."""

    union_id: UUID
    version: int
    changes: list[Change] = field(default_factory=list[Change])

    def record(
        self,
        kind: ChangeKind,
        subject_id: UUID,
        object_id: UUID | None = None,
        *,
        holds: bool,
        is_root: bool = False,
    ) -> Change:
        self.version += 1
        change = Change(self.version, kind, subject_id, object_id, holds, is_root, GENERAL_TOPIC)
        self.changes.append(change)
        return change


async def open_log(raw: asyncpg.Connection, union_id: UUID) -> ChangeLog:
    """Take the end of a union's changes; another writer of the union waits until this one has committed."""
    version: int | None = await raw.fetchval(_OPEN, union_id)
    if version is None:
        await raw.execute(_BEGIN, union_id)
        version = await raw.fetchval(_OPEN, union_id)
    assert version is not None
    return ChangeLog(union_id, version)


async def write_log(raw: asyncpg.Connection, log: ChangeLog, now: datetime) -> None:
    """Write what was recorded; nothing when nothing changed."""
    if not log.changes:
        return
    await raw.execute(
        _WRITE,
        log.union_id,
        now,
        [change.version for change in log.changes],
        [int(change.kind) for change in log.changes],
        [change.subject_id for change in log.changes],
        [change.object_id for change in log.changes],
        [change.holds for change in log.changes],
        [change.is_root for change in log.changes],
        [change.topic for change in log.changes],
        log.version,
    )


async def read_changes(
    source: asyncpg.Connection | ReadPool, union_id: UUID, after_version: int, limit: int
) -> list[Change]:
    """The next changes after a version, in their order."""
    rows = await source.fetch(_READ, union_id, after_version, limit)
    return [
        Change(
            row["version"],
            ChangeKind(row["kind"]),
            row["subject_id"],
            row["object_id"],
            row["holds"],
            row["is_root"],
            row["topic"],
        )
        for row in rows
    ]


async def read_heads(
    source: asyncpg.Connection | ReadPool, union_ids: Iterable[UUID]
) -> Sequence[tuple[UUID, int]]:
    """The newest version of each of these unions."""
    rows = await source.fetch(
        "SELECT union_id, version FROM graph_heads WHERE union_id = ANY($1::uuid[])", list(union_ids)
    )
    return [(row["union_id"], row["version"]) for row in rows]
