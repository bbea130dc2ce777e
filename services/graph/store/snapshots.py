"""What holds now in a union, read whole at one version: how an engine starts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.changes import Change, ChangeKind
from services.graph.domain.support_graph import SupportGraph

if TYPE_CHECKING:
    from chassis.read_pool import ReadPool


_MEMBERS = "SELECT member_id, active, is_root FROM graph_members WHERE union_id = $1 ORDER BY member_id"
_BACKLINKS = "SELECT supporter_id, leader_id, topic FROM backlinks WHERE union_id = $1"
_VOICES = "SELECT member_id, leader_id, topic FROM voices WHERE union_id = $1"


async def load_graph(pool: ReadPool, union_id: UUID) -> SupportGraph:
    """The graph of a union as its tables have it at one moment; empty for a union without changes."""
    async with pool.acquire() as raw, raw.transaction(isolation="repeatable_read", readonly=True):
        version = await raw.fetchval("SELECT version FROM graph_heads WHERE union_id = $1", union_id)
        graph = SupportGraph(version or 0)
        for member_id, active, is_root in await raw.fetch(_MEMBERS, union_id):
            graph.hold(Change(graph.version, ChangeKind.MEMBERSHIP, member_id, None, active, is_root))
        for supporter_id, leader_id, topic in await raw.fetch(_BACKLINKS, union_id):
            graph.hold(
                Change(graph.version, ChangeKind.BACKLINK, supporter_id, leader_id, holds=True, topic=topic)
            )
        for member_id, leader_id, topic in await raw.fetch(_VOICES, union_id):
            graph.hold(Change(graph.version, ChangeKind.VOICE, member_id, leader_id, holds=True, topic=topic))
    return graph
