"""What the graph does when a time has come."""

from uuid import UUID

from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.graph.use_cases.expire_proposals import expire_proposals
from services.graph.use_cases.import_backlinks import EXPIRY_TIMER

timers = Timers()


@timers.on(EXPIRY_TIMER)
async def on_proposals_expired(unit: UnitOfWork, timer: Timer) -> None:
    await expire_proposals(unit, UUID(timer.payload["union_id"]))
