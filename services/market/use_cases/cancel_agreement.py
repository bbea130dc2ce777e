"""Cancel an agreement, or propose to: who may do it alone is the domain's to say."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.bids import BidState
from services.market.store.bids import lock_bid, save_bid_state
from services.market.use_cases.hold_agreement import hold_agreement_of_party
from services.market.use_cases.move_agreement import move_agreement
from services.market.use_cases.tell_parties import tell_of_proposal


async def cancel_agreement(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID, member_id: UUID
) -> Agreement:
    """Raises AgreementNotFound, AgreementNotInState."""
    before, _ = await hold_agreement_of_party(unit, union_id, agreement_id, member_id)
    after = agreements.cancel(before, member_id, unit.now)
    if after is before:
        return before
    await move_agreement(unit, before, after)
    if before.cancellation_proposed_at is None and after.cancellation_proposed_at is not None:
        tell_of_proposal(unit, after)
    if after.state is AgreementState.CANCELLED:
        await _close_bid(unit, after, member_id)
    right = "worker" if member_id == before.worker_id else "employer"
    unit.record_act(right, f"agreements/{agreement_id}", {"state": after.state}, union_id=union_id)
    return after


async def _close_bid(unit: UnitOfWork, agreement: Agreement, member_id: UUID) -> None:
    """An unfunded agreement's bid was open again; it ends with the agreement."""
    locked = await lock_bid(unit, agreement.union_id, agreement.agreement_id)
    if locked is None or locked[0].state is not BidState.OPEN:
        return
    state = BidState.WITHDRAWN if member_id == agreement.worker_id else BidState.DECLINED
    await save_bid_state(unit, agreement.union_id, agreement.agreement_id, state)
