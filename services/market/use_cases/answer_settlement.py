"""Take the ledger's answer to the emptying of an agreement's escrow: paid, refunded, or tried again later."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements, offers
from services.market.domain.agreements import Agreement
from services.market.store.offers import save_offer
from services.market.use_cases.hold_agreement import hold_agreement
from services.market.use_cases.move_agreement import move_agreement, timer_key
from services.market.use_cases.publish_offer import publish_offer

SETTLE_AGAIN = "agreement.settle_again"


async def answer_settlement(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID, refusal: str | None, retry_seconds: int
) -> Agreement:
    """`refusal` is the ledger's code, None when the escrow is empty. Raises AgreementNotFound."""
    before, offer = await hold_agreement(unit, union_id, agreement_id)
    if refusal is None:
        after = agreements.settlement_posted(before, unit.now)
        closed = offers.close(offer)
        await save_offer(unit, closed)
        publish_offer(unit, closed)
    else:
        after = agreements.settlement_refused(before, refusal)
        await unit.set_timer(
            SETTLE_AGAIN,
            timer_key(after),
            unit.now + timedelta(seconds=retry_seconds),
            {"union_id": str(union_id), "agreement_id": str(agreement_id)},
        )
    await move_agreement(unit, before, after)
    unit.record_act(
        "ledger_answer",
        f"agreements/{agreement_id}",
        {"state": after.state, "refusal": refusal},
        union_id=union_id,
    )
    return after
