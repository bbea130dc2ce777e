"""Accept a delivery: the escrow is paid to the worker."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements
from services.market.domain.agreements import Agreement
from services.market.use_cases.hold_agreement import hold_agreement_of_party
from services.market.use_cases.move_agreement import move_agreement


async def accept_delivery(unit: UnitOfWork, union_id: UUID, agreement_id: UUID, member_id: UUID) -> Agreement:
    """The agreement waits in `paying` for the ledger; see answer_settlement.

    Raises AgreementNotFound, NotEmployer, AgreementNotInState.
    """
    before, _ = await hold_agreement_of_party(unit, union_id, agreement_id, member_id)
    after = agreements.accept_delivery(before, member_id)
    await move_agreement(unit, before, after)
    unit.record_act("employer", f"agreements/{agreement_id}", {"state": after.state}, union_id=union_id)
    return after
