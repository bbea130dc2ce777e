"""Place a bid for an open offer of another member."""

from dataclasses import dataclass
from uuid import UUID

from chassis.money import Asset
from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.market import BidPlaced, MarketNotice
from services.market.domain import limits
from services.market.domain.bids import Bid, BidState
from services.market.domain.errors import AlreadyBid, OfferNotFound, OfferNotOpen, OwnOffer
from services.market.domain.limits import MarketLimits
from services.market.domain.offers import Offer, OfferState
from services.market.store.bids import fetch_standing, insert_bid, share_offer


@dataclass(frozen=True, slots=True)
class BidDraft:
    """What the bidder wrote and signed."""

    asset: str
    price_minor: int
    delivery_seconds: int
    message: str


async def place_bid(
    unit: UnitOfWork,
    bounds: MarketLimits,
    union_id: UUID,
    token: Asset,
    offer_id: UUID,
    bidder_id: UUID,
    draft: BidDraft,
) -> Bid:
    """Raises WrongAsset, OutOfBounds, OfferNotFound, OwnOffer, OfferNotOpen, AlreadyBid, TooManyOpenBids."""
    limits.check_asset(draft.asset, token.symbol)
    limits.check_bid(bounds, draft.price_minor, draft.delivery_seconds, draft.message)
    offer = await share_offer(unit, union_id, offer_id, bidder_id)
    if offer is None:
        raise OfferNotFound(offer_id)
    if offer.owner_id == bidder_id:
        raise OwnOffer(offer_id)
    if offer.state is not OfferState.OPEN:
        raise OfferNotOpen(offer_id, offer.state)
    standing = await fetch_standing(unit, union_id, offer_id, bidder_id)
    if standing.bid_id is not None:
        raise AlreadyBid(offer_id, standing.bid_id)
    limits.check_open_bids(bounds, standing.open_count)
    bid = Bid(
        union_id=union_id,
        bid_id=unit.ids.new(),
        offer_id=offer_id,
        bidder_id=bidder_id,
        state=BidState.OPEN,
        asset=token.symbol,
        asset_scale=token.scale,
        price_minor=draft.price_minor,
        delivery_seconds=draft.delivery_seconds,
        message=draft.message,
        made_at=unit.now,
    )
    await insert_bid(unit, bid)
    unit.publish(
        BidPlaced(
            union_id=union_id,
            offer_id=offer_id,
            bid_id=bid.bid_id,
            owner_id=offer.owner_id,
            bidder_id=bidder_id,
            asset=bid.asset,
            price_minor=bid.price_minor,
            placed_at=unit.now,
        )
    )
    _tell_owner(unit, offer, bid)
    unit.record_act(
        "active_member",
        f"bids/{bid.bid_id}",
        {"offer_id": offer_id, "price_minor": bid.price_minor},
        union_id=union_id,
    )
    return bid


def _tell_owner(unit: UnitOfWork, offer: Offer, bid: Bid) -> None:
    tell(
        unit,
        MarketNotice(
            notice_id=unit.ids.new(),
            requested_at=unit.now,
            union_id=bid.union_id,
            member_id=offer.owner_id,
            kind="bid.placed",
            subject="offers",
            subject_id=bid.offer_id,
            actor_id=bid.bidder_id,
        ),
    )
