"""Take the ledger's answer to an agreement's funding: work may start, or the bid is open again."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements, offers
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.bids import BidState
from services.market.domain.offers import Offer
from services.market.store.bids import decline_open_bids, save_bid_state
from services.market.store.offers import save_offer
from services.market.use_cases.hold_agreement import hold_agreement
from services.market.use_cases.move_agreement import move_agreement
from services.market.use_cases.publish_offer import publish_offer


async def answer_funding(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID, refusal: str | None
) -> Agreement:
    """`refusal` is the ledger's code, None when the price is in escrow. Raises AgreementNotFound."""
    before, offer = await hold_agreement(unit, union_id, agreement_id)
    if refusal is None:
        after = agreements.funding_posted(before, unit.now)
        await decline_open_bids(unit, union_id, offer.offer_id)
    else:
        after = agreements.funding_refused(before, refusal, unit.now)
        await _reopen(unit, after, offer)
    await move_agreement(unit, before, after)
    unit.record_act(
        "ledger_answer",
        f"agreements/{agreement_id}",
        {"state": after.state, "refusal": refusal},
        union_id=union_id,
        on_behalf_of=f"member:{after.employer_id}",
    )
    return after


async def _reopen(unit: UnitOfWork, agreement: Agreement, offer: Offer) -> None:
    """No money moved: the offer takes bids again, and the bid is open unless its worker gave it up."""
    given_up = agreement.state is AgreementState.CANCELLED
    state = BidState.WITHDRAWN if given_up else BidState.OPEN
    await save_bid_state(unit, agreement.union_id, agreement.agreement_id, state)
    reopened = offers.reopen(offer)
    await save_offer(unit, reopened)
    publish_offer(unit, reopened)
