"""What market publishes: offers, agreements and how agreements ended."""

from typing import ClassVar

from events.declaration import (
    AssetSymbol,
    Audience,
    Declaration,
    Event,
    Id,
    Minor,
    Moment,
    StateEvent,
    Word,
    fact,
    state,
)
from events.notices import NOTICE_KEY, NoticeRequested

_PARTIES = ("employer_id", "worker_id")
_BIDDING = ("owner_id", "bidder_id")


class OfferState(StateEvent):
    """Something offered on a union's market. States: open, agreed, closed, withdrawn. Kinds: gig."""

    declaration: ClassVar[Declaration] = state("offer", "market", ("union_id", "offer_id"), Audience.UNION)

    union_id: Id
    offer_id: Id
    state: Word
    kind: Word
    owner_id: Id
    asset: AssetSymbol
    price_minor: Minor


class BidPlaced(Event):
    """Somebody bids for an offer. How it ends is told by the offer, `bid.withdrawn` or the agreement."""

    declaration: ClassVar[Declaration] = fact(
        "bid.placed", "market", ("union_id", "offer_id"), Audience.MEMBERS_NAMED, _BIDDING
    )

    union_id: Id
    offer_id: Id
    bid_id: Id
    owner_id: Id
    bidder_id: Id
    asset: AssetSymbol
    price_minor: Minor
    placed_at: Moment


class BidWithdrawn(Event):
    """The bidder has taken an open bid back."""

    declaration: ClassVar[Declaration] = fact(
        "bid.withdrawn", "market", ("union_id", "offer_id"), Audience.MEMBERS_NAMED, _BIDDING
    )

    union_id: Id
    offer_id: Id
    bid_id: Id
    owner_id: Id
    bidder_id: Id
    withdrawn_at: Moment


class AgreementState(StateEvent):
    """An accepted bid; its id is the bid's.

    States: funding, unfunded, funded, delivered, paying, paid, cancelling, cancelled, refunding, refunded.
    """

    declaration: ClassVar[Declaration] = state(
        "agreement", "market", ("union_id", "agreement_id"), Audience.MEMBERS_NAMED, _PARTIES
    )

    union_id: Id
    agreement_id: Id
    offer_id: Id
    state: Word
    employer_id: Id
    worker_id: Id
    asset: AssetSymbol
    price_minor: Minor


class AgreementPaid(Event):
    """The worker has the money. The ledger unlocks the worker's joining grant on it."""

    declaration: ClassVar[Declaration] = fact(
        "agreement.paid", "market", ("union_id", "agreement_id"), Audience.MEMBERS_NAMED, _PARTIES
    )

    union_id: Id
    agreement_id: Id
    employer_id: Id
    worker_id: Id
    asset: AssetSymbol
    paid_minor: Minor
    paid_at: Moment


class AgreementRefunded(Event):
    """The employer has the money back."""

    declaration: ClassVar[Declaration] = fact(
        "agreement.refunded", "market", ("union_id", "agreement_id"), Audience.MEMBERS_NAMED, _PARTIES
    )

    union_id: Id
    agreement_id: Id
    employer_id: Id
    worker_id: Id
    asset: AssetSymbol
    refunded_minor: Minor
    refunded_at: Moment


class MarketNotice(NoticeRequested):
    """Kinds: bid.placed, bid.accepted, work.delivered, work.paid, work.refunded, cancellation.proposed."""

    declaration: ClassVar[Declaration] = fact(
        "notice.requested.market", "market", NOTICE_KEY, Audience.SERVICES
    )
