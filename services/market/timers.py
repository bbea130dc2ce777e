"""Which timer runs which use case: deadlines of delivery and review, refused settlements tried again, what is
open of who is no more."""

from uuid import UUID

from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.market.use_cases.answer_settlement import SETTLE_AGAIN
from services.market.use_cases.move_agreement import DELIVERY_DUE, REVIEW_DUE
from services.market.use_cases.resolve_silence import resolve_silence
from services.market.use_cases.retry_settlement import retry_settlement
from services.market.use_cases.withdraw_all_of import WITHDRAW_ALL, withdraw_all_of


def market_timers() -> Timers:
    timers = Timers()

    @timers.on(DELIVERY_DUE)
    async def on_delivery_due(unit: UnitOfWork, timer: Timer) -> None:
        await resolve_silence(unit, *_subject(timer))

    @timers.on(REVIEW_DUE)
    async def on_review_due(unit: UnitOfWork, timer: Timer) -> None:
        await resolve_silence(unit, *_subject(timer))

    @timers.on(SETTLE_AGAIN)
    async def on_settle_again(unit: UnitOfWork, timer: Timer) -> None:
        await retry_settlement(unit, *_subject(timer))

    @timers.on(WITHDRAW_ALL)
    async def on_erased(unit: UnitOfWork, timer: Timer) -> None:
        if await withdraw_all_of(unit, UUID(timer.key)):
            await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due))

    return timers


def _subject(timer: Timer) -> tuple[UUID, UUID]:
    return UUID(timer.payload["union_id"]), UUID(timer.payload["agreement_id"])
