"""Who counts in a union's graph: what the change table says of memberships."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.changes import COUNTING_STATE, ROOT_ROLE, ChangeKind
from services.graph.store.change_log import ChangeLog

if TYPE_CHECKING:
    import asyncpg

_MEMBERSHIPS = """
SELECT m.member_id, m.version, m.state = $3 AS active, m.role = $4 AS is_root,
       g.membership_version AS noted_version, g.active AS was_active, g.is_root AS was_root
FROM memberships m LEFT JOIN graph_members g ON g.union_id = m.union_id AND g.member_id = m.member_id
WHERE m.union_id = $1 AND m.member_id = ANY($2::uuid[])
ORDER BY m.member_id
"""
_KEEP = """
INSERT INTO graph_members (union_id, member_id, membership_version, active, is_root)
SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::boolean[], $5::boolean[])
ON CONFLICT (union_id, member_id) DO UPDATE
SET membership_version = excluded.membership_version, active = excluded.active, is_root = excluded.is_root
"""


async def note_memberships(
    raw: asyncpg.Connection, log: ChangeLog, member_ids: Collection[UUID]
) -> set[UUID]:
    """Which of these are active members; whoever counts otherwise than the graph says gets a change."""
    rows = await raw.fetch(_MEMBERSHIPS, log.union_id, list(member_ids), COUNTING_STATE, ROOT_ROLE)
    news = [row for row in rows if row["noted_version"] is None or row["noted_version"] < row["version"]]
    for row in news:
        if (row["active"], row["is_root"]) != (row["was_active"], row["was_root"]):
            log.record(ChangeKind.MEMBERSHIP, row["member_id"], holds=row["active"], is_root=row["is_root"])
    if news:
        await raw.execute(
            _KEEP,
            log.union_id,
            [row["member_id"] for row in news],
            [row["version"] for row in news],
            [row["active"] for row in news],
            [row["is_root"] for row in news],
        )
    return {row["member_id"] for row in rows if row["active"]}


async def counting_members(
    raw: asyncpg.Connection, union_id: UUID, member_ids: Collection[UUID]
) -> set[UUID]:
    """Which of these are active members, as the graph knows them."""
    rows = await raw.fetch(
        "SELECT member_id FROM graph_members WHERE union_id = $1 AND active AND member_id = ANY($2::uuid[])",
        union_id,
        list(member_ids),
    )
    return {row["member_id"] for row in rows}
