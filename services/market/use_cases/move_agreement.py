"""Keep an agreement's new state with all that follows from it: its event, its timers, its transfer."""

from chassis.unit_of_work import UnitOfWork
from events.market import AgreementPaid, AgreementRefunded
from events.market import AgreementState as AgreementStateEvent
from services.market.domain.agreements import Agreement, AgreementState
from services.market.store.agreements import save_agreement
from services.market.use_cases.record_transfer import PAY, REFUND, record_transfer
from services.market.use_cases.tell_parties import tell_of_state

DELIVERY_DUE = "agreement.delivery_due"
REVIEW_DUE = "agreement.review_due"


def timer_key(agreement: Agreement) -> str:
    return f"{agreement.union_id}:{agreement.agreement_id}"


async def move_agreement(unit: UnitOfWork, before: Agreement | None, after: Agreement) -> None:
    """The funding transfer carries the employer's act, so accept_bid records that intent itself.

    A timer of a state that is left finds nothing to do when it comes due: cancelling it here would wait for
    one that is just running, which waits for this agreement.
    """
    await save_agreement(unit, after)
    _publish_state(unit, after)
    if before is None or before.state is not after.state:
        await _begin_waiting(unit, after)
        tell_of_state(unit, after)


async def _begin_waiting(unit: UnitOfWork, after: Agreement) -> None:
    state = after.state
    if state is AgreementState.FUNDED and after.delivery_due_at is not None:
        await unit.set_timer(DELIVERY_DUE, timer_key(after), after.delivery_due_at, _payload(after))
    elif state is AgreementState.DELIVERED and after.review_due_at is not None:
        await unit.set_timer(REVIEW_DUE, timer_key(after), after.review_due_at, _payload(after))
    elif state is AgreementState.PAYING:
        await record_transfer(unit, after, PAY)
    elif state is AgreementState.REFUNDING:
        await record_transfer(unit, after, REFUND)
    elif state is AgreementState.PAID:
        _publish_paid(unit, after)
    elif state is AgreementState.REFUNDED:
        _publish_refunded(unit, after)


def _payload(agreement: Agreement) -> dict[str, object]:
    return {"union_id": str(agreement.union_id), "agreement_id": str(agreement.agreement_id)}


def _publish_state(unit: UnitOfWork, agreement: Agreement) -> None:
    unit.publish(
        AgreementStateEvent(
            version=agreement.version,
            union_id=agreement.union_id,
            agreement_id=agreement.agreement_id,
            offer_id=agreement.offer_id,
            state=agreement.state,
            employer_id=agreement.employer_id,
            worker_id=agreement.worker_id,
            asset=agreement.asset,
            price_minor=agreement.price_minor,
        )
    )


def _publish_paid(unit: UnitOfWork, agreement: Agreement) -> None:
    unit.publish(
        AgreementPaid(
            union_id=agreement.union_id,
            agreement_id=agreement.agreement_id,
            employer_id=agreement.employer_id,
            worker_id=agreement.worker_id,
            asset=agreement.asset,
            paid_minor=agreement.price_minor,
            paid_at=unit.now,
        )
    )


def _publish_refunded(unit: UnitOfWork, agreement: Agreement) -> None:
    unit.publish(
        AgreementRefunded(
            union_id=agreement.union_id,
            agreement_id=agreement.agreement_id,
            employer_id=agreement.employer_id,
            worker_id=agreement.worker_id,
            asset=agreement.asset,
            refunded_minor=agreement.price_minor,
            refunded_at=unit.now,
        )
    )
