"""Offers, bids and agreements of one employer and one worker, for the tests of the market's rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.market.domain import agreements
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.bids import Bid, BidState
from services.market.domain.limits import MarketLimits
from services.market.domain.offers import Offer, OfferKind, OfferState

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
DELIVERY_SECONDS = 3_600
REVIEW_SECONDS = 600
AFTER_DELIVERY_DEADLINE = NOW + timedelta(seconds=DELIVERY_SECONDS)
AFTER_REVIEW_DEADLINE = NOW + timedelta(seconds=REVIEW_SECONDS)

union_id, offer_id, bid_id, employer, worker, stranger = (UUID(int=number) for number in range(1, 7))

LIMITS = MarketLimits(
    title_max_characters=10,
    description_max_characters=20,
    message_max_characters=5,
    note_max_characters=5,
    price_min_minor=1,
    price_max_minor=1_000,
    delivery_min_seconds=1,
    delivery_max_seconds=100,
    review_min_seconds=1,
    review_max_seconds=50,
    review_default_seconds=10,
    open_offers_per_member=2,
    open_bids_per_member=3,
)


def an_offer(state: OfferState = OfferState.OPEN) -> Offer:
    return Offer(
        union_id=union_id,
        offer_id=offer_id,
        version=1,
        state=state,
        kind=OfferKind.GIG,
        owner_id=employer,
        title="Paint the hall",
        description="Two coats",
        asset="GLD",
        asset_scale=6,
        price_minor=500,
        review_seconds=REVIEW_SECONDS,
        made_at=NOW,
    )


def a_bid(state: BidState = BidState.OPEN) -> Bid:
    return Bid(
        union_id=union_id,
        bid_id=bid_id,
        offer_id=offer_id,
        bidder_id=worker,
        state=state,
        asset="GLD",
        asset_scale=6,
        price_minor=450,
        delivery_seconds=DELIVERY_SECONDS,
        message="Gladly",
        made_at=NOW,
    )


def an_agreement(state: AgreementState) -> Agreement:
    """An agreement as it is in a state: funded and delivered at NOW where it got that far."""
    begun = replace(agreements.begin(an_offer(), a_bid(), NOW), state=state)
    funded = state in {AgreementState.FUNDED, AgreementState.DELIVERED, AgreementState.PAYING}
    delivered = state in {AgreementState.DELIVERED, AgreementState.PAYING}
    return replace(
        begun,
        funded_at=NOW if funded else None,
        delivery_due_at=AFTER_DELIVERY_DEADLINE if funded else None,
        delivered_at=NOW if delivered else None,
        review_due_at=AFTER_REVIEW_DEADLINE if delivered else None,
    )
