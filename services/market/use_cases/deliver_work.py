"""Deliver the work: from now on the employer has the review time to accept it."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements, limits
from services.market.domain.agreements import Agreement
from services.market.domain.limits import MarketLimits
from services.market.use_cases.hold_agreement import hold_agreement_of_party
from services.market.use_cases.move_agreement import move_agreement


async def deliver_work(
    unit: UnitOfWork, bounds: MarketLimits, union_id: UUID, agreement_id: UUID, member_id: UUID, note: str
) -> Agreement:
    """Raises OutOfBounds, AgreementNotFound, NotWorker, AgreementNotInState, DeliveryDeadlinePassed."""
    limits.check_note(bounds, note)
    before, _ = await hold_agreement_of_party(unit, union_id, agreement_id, member_id)
    after = agreements.deliver(before, member_id, note, unit.now)
    await move_agreement(unit, before, after)
    unit.record_act("worker", f"agreements/{agreement_id}", {"state": after.state}, union_id=union_id)
    return after
