"""Try again to empty an escrow that the ledger refused to empty; the new try is a new transfer."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import AgreementState
from services.market.use_cases.hold_agreement import hold_agreement
from services.market.use_cases.record_transfer import PAY, REFUND, record_transfer


async def retry_settlement(unit: UnitOfWork, union_id: UUID, agreement_id: UUID) -> None:
    """Raises AgreementNotFound."""
    agreement, _ = await hold_agreement(unit, union_id, agreement_id)
    if agreement.refusal is None:
        return
    if agreement.state is AgreementState.PAYING:
        await record_transfer(unit, agreement, PAY)
    elif agreement.state is AgreementState.REFUNDING:
        await record_transfer(unit, agreement, REFUND)
