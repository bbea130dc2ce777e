"""Which timer runs which use case: deadlines of projects, and refused settlements tried again."""

from uuid import UUID

from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.funding.use_cases.move_project import DEADLINE
from services.funding.use_cases.read_refused_lines import SETTLE_AGAIN
from services.funding.use_cases.retry_settlement import retry_settlement
from services.funding.use_cases.settle_project import settle_project


def funding_timers() -> Timers:
    timers = Timers()

    @timers.on(DEADLINE)
    async def on_deadline(unit: UnitOfWork, timer: Timer) -> None:
        await settle_project(unit, *_subject(timer))

    @timers.on(SETTLE_AGAIN)
    async def on_settle_again(unit: UnitOfWork, timer: Timer) -> None:
        await retry_settlement(unit, *_subject(timer))

    return timers


def _subject(timer: Timer) -> tuple[UUID, UUID]:
    return UUID(timer.payload["union_id"]), UUID(timer.payload["project_id"])
