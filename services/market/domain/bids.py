"""A bid: a worker's answer to an offer, with a price, a time to deliver and a message."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.market.domain.errors import BidNotOpen, NotBidder


class BidState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Bid:
    """An accepted bid's id is also its agreement's."""

    union_id: UUID
    bid_id: UUID
    offer_id: UUID
    bidder_id: UUID
    state: BidState
    asset: str
    asset_scale: int
    price_minor: int
    delivery_seconds: int
    message: str
    made_at: datetime


def withdraw(bid: Bid, member_id: UUID) -> Bid:
    """Raises NotBidder, BidNotOpen: an accepted bid is ended by cancelling its agreement."""
    if bid.bidder_id != member_id:
        raise NotBidder(bid.bid_id)
    return replace(require_open(bid), state=BidState.WITHDRAWN)


def accept(bid: Bid) -> Bid:
    """Raises BidNotOpen."""
    return replace(require_open(bid), state=BidState.ACCEPTED)


def require_open(bid: Bid) -> Bid:
    if bid.state is not BidState.OPEN:
        raise BidNotOpen(bid.bid_id, bid.state)
    return bid
