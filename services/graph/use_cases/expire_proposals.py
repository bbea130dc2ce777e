"""Proposed backlinks that nobody confirmed in time are gone."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.graph.store.proposals import remove_expired


async def expire_proposals(unit: UnitOfWork, union_id: UUID) -> None:
    removed_count = await remove_expired(await unit.raw(), union_id, unit.now)
    if removed_count:
        unit.record_act(
            "proposal_kept_seconds", "backlink-proposals", {"removed": removed_count}, union_id=union_id
        )
