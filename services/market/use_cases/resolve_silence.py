"""Resolve a party's silence: no delivery in time refunds the employer, no review in time pays the worker."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements
from services.market.use_cases.hold_agreement import hold_agreement
from services.market.use_cases.move_agreement import move_agreement


async def resolve_silence(unit: UnitOfWork, union_id: UUID, agreement_id: UUID) -> None:
    """Does nothing where nobody's deadline has passed. Raises AgreementNotFound."""
    before, _ = await hold_agreement(unit, union_id, agreement_id)
    after = agreements.delivery_overdue(before, unit.now) or agreements.review_overdue(before, unit.now)
    if after is None:
        return
    await move_agreement(unit, before, after)
    unit.record_act(
        "deadline",
        f"agreements/{agreement_id}",
        {"state": after.state, "was": before.state},
        union_id=union_id,
    )
