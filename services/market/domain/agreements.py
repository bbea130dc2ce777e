"""An agreement: an accepted bid whose price waits in escrow. Work never starts unfunded, and no silent
party can freeze the money: each wait has a deadline that ends in a payment or a refund.

    funding -> funded -> delivered -> paying -> paid
       |          \\_________\\______-> refunding -> refunded
       |-> unfunded (refused; the bid is open again) -> funding | cancelled
       `-> cancelling (funding still unanswered) -> refunding | cancelled
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.market.domain.bids import Bid
from services.market.domain.errors import (
    AgreementNotInState,
    DebitMismatch,
    DeliveryDeadlinePassed,
    NotEmployer,
    NotParty,
    NotWorker,
)
from services.market.domain.offers import Offer


class AgreementState(StrEnum):
    FUNDING = "funding"
    UNFUNDED = "unfunded"
    FUNDED = "funded"
    DELIVERED = "delivered"
    PAYING = "paying"
    PAID = "paid"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


S = AgreementState
BEFORE_ACCEPTANCE = (S.FUNDING, S.UNFUNDED, S.FUNDED, S.DELIVERED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`refusal` is what the ledger last said when it refused a transfer of this agreement."""

    union_id: UUID
    agreement_id: UUID
    offer_id: UUID
    employer_id: UUID
    worker_id: UUID
    version: int
    state: AgreementState
    asset: str
    asset_scale: int
    price_minor: int
    delivery_seconds: int
    review_seconds: int
    agreed_at: datetime
    funded_at: datetime | None = None
    delivery_due_at: datetime | None = None
    delivered_at: datetime | None = None
    delivery_note: str | None = None
    review_due_at: datetime | None = None
    cancellation_proposed_at: datetime | None = None
    settled_at: datetime | None = None
    refusal: str | None = None


def begin(offer: Offer, bid: Bid, now: datetime) -> Agreement:
    """The agreement of a bid that is being accepted; its id is the bid's."""
    return Agreement(
        union_id=bid.union_id,
        agreement_id=bid.bid_id,
        offer_id=bid.offer_id,
        employer_id=offer.owner_id,
        worker_id=bid.bidder_id,
        version=1,
        state=S.FUNDING,
        asset=bid.asset,
        asset_scale=bid.asset_scale,
        price_minor=bid.price_minor,
        delivery_seconds=bid.delivery_seconds,
        review_seconds=offer.review_seconds,
        agreed_at=now,
    )


def begin_again(agreement: Agreement, now: datetime) -> Agreement:
    """The same bid accepted anew after its funding was refused."""
    _require(agreement, S.UNFUNDED)
    return _moved(agreement, S.FUNDING, agreed_at=now, refusal=None, cancellation_proposed_at=None)


def check_debit(agreement: Agreement, asset: str, amount_minor: int, to: str) -> None:
    """The signed debit is the price, to this agreement's escrow; raises DebitMismatch."""
    for field, value, expected in (
        ("asset", asset, agreement.asset),
        ("minor", str(amount_minor), str(agreement.price_minor)),
        ("to", to, resource(agreement.agreement_id)),
    ):
        if value != expected:
            raise DebitMismatch(field, value, expected)


def resource(agreement_id: UUID) -> str:
    """The name by which a signed debit and the ledger know the agreement's escrow."""
    return f"agreements/{agreement_id}"


def funding_posted(agreement: Agreement, now: datetime) -> Agreement:
    """The price is in escrow: work may start, unless the worker cancelled in the meantime."""
    _require(agreement, S.FUNDING, S.CANCELLING)
    if agreement.state is S.CANCELLING:
        return _moved(agreement, S.REFUNDING, funded_at=now)
    due = now + timedelta(seconds=agreement.delivery_seconds)
    return _moved(agreement, S.FUNDED, funded_at=now, delivery_due_at=due)


def funding_refused(agreement: Agreement, refusal: str, now: datetime) -> Agreement:
    """No money moved: the bid is open again, or the cancellation that waited for the answer is done."""
    _require(agreement, S.FUNDING, S.CANCELLING)
    if agreement.state is S.CANCELLING:
        return _moved(agreement, S.CANCELLED, settled_at=now)
    return _moved(agreement, S.UNFUNDED, refusal=refusal)


def deliver(agreement: Agreement, member_id: UUID, note: str, now: datetime) -> Agreement:
    """Raises NotWorker, AgreementNotInState, DeliveryDeadlinePassed."""
    _require_worker(agreement, member_id)
    _require(agreement, S.FUNDED)
    if agreement.delivery_due_at is not None and now >= agreement.delivery_due_at:
        raise DeliveryDeadlinePassed(agreement.agreement_id, agreement.delivery_due_at)
    due = now + timedelta(seconds=agreement.review_seconds)
    return _moved(agreement, S.DELIVERED, delivered_at=now, delivery_note=note, review_due_at=due)


def accept_delivery(agreement: Agreement, member_id: UUID) -> Agreement:
    """The employer is content; raises NotEmployer, AgreementNotInState."""
    _require_employer(agreement, member_id)
    _require(agreement, S.DELIVERED)
    return _moved(agreement, S.PAYING)


def cancel(agreement: Agreement, member_id: UUID, now: datetime) -> Agreement:
    """The worker's cancellation ends the agreement at any time before a delivery is accepted.

    The employer's alone ends it once the delivery deadline has passed without a delivery, or when its
    funding was refused; otherwise it is a proposal, which the worker confirms by their own. A proposal
    repeated changes nothing. Raises NotParty, AgreementNotInState.
    """
    if member_id not in {agreement.employer_id, agreement.worker_id}:
        raise NotParty(agreement.agreement_id)
    _require(agreement, *BEFORE_ACCEPTANCE)
    if member_id == agreement.worker_id or _employer_may_cancel_alone(agreement, now):
        return _ended(agreement, now)
    if agreement.cancellation_proposed_at is not None:
        return agreement
    return _moved(agreement, agreement.state, cancellation_proposed_at=now)


def delivery_overdue(agreement: Agreement, now: datetime) -> Agreement | None:
    """The worker let the deadline pass: the employer is refunded. None when there is nothing to do."""
    if agreement.state is not S.FUNDED or not _passed(agreement.delivery_due_at, now):
        return None
    return _moved(agreement, S.REFUNDING)


def review_overdue(agreement: Agreement, now: datetime) -> Agreement | None:
    """The employer stayed silent after the delivery: the worker is paid. None when nothing is to do."""
    if agreement.state is not S.DELIVERED or not _passed(agreement.review_due_at, now):
        return None
    return _moved(agreement, S.PAYING)


def settlement_posted(agreement: Agreement, now: datetime) -> Agreement:
    """The escrow was emptied to the party that the state names."""
    _require(agreement, S.PAYING, S.REFUNDING)
    settled = S.PAID if agreement.state is S.PAYING else S.REFUNDED
    return _moved(agreement, settled, settled_at=now, refusal=None)


def settlement_refused(agreement: Agreement, refusal: str) -> Agreement:
    """The ledger refused to empty the escrow: the agreement waits, shows why, and is tried again."""
    _require(agreement, S.PAYING, S.REFUNDING)
    return _moved(agreement, agreement.state, refusal=refusal)


def _ended(agreement: Agreement, now: datetime) -> Agreement:
    if agreement.state is S.FUNDING:
        return _moved(agreement, S.CANCELLING)
    if agreement.state is S.UNFUNDED:
        return _moved(agreement, S.CANCELLED, settled_at=now)
    return _moved(agreement, S.REFUNDING)


def _employer_may_cancel_alone(agreement: Agreement, now: datetime) -> bool:
    if agreement.state is S.UNFUNDED:
        return True
    return agreement.state is S.FUNDED and _passed(agreement.delivery_due_at, now)


def _passed(due: datetime | None, now: datetime) -> bool:
    return due is not None and now >= due


def _require(agreement: Agreement, *states: AgreementState) -> None:
    if agreement.state not in states:
        raise AgreementNotInState(agreement.agreement_id, agreement.state, tuple(states))


def _require_worker(agreement: Agreement, member_id: UUID) -> None:
    if member_id != agreement.worker_id:
        raise NotWorker(agreement.agreement_id)


def _require_employer(agreement: Agreement, member_id: UUID) -> None:
    if member_id != agreement.employer_id:
        raise NotEmployer(agreement.agreement_id)


def _moved(agreement: Agreement, state: AgreementState, **changed: object) -> Agreement:
    return replace(agreement, state=state, version=agreement.version + 1, **changed)
