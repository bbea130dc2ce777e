"""Withdraw an open bid; an accepted one is ended by cancelling its agreement."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.market import BidWithdrawn
from services.market.domain import bids
from services.market.domain.bids import BidState
from services.market.domain.errors import BidNotFound
from services.market.store.bids import lock_bid, save_bid_state


async def withdraw_bid(unit: UnitOfWork, union_id: UUID, bid_id: UUID, member_id: UUID) -> None:
    """Withdrawing again changes nothing. Raises BidNotFound, NotBidder, BidNotOpen."""
    locked = await lock_bid(unit, union_id, bid_id)
    if locked is None:
        raise BidNotFound(bid_id)
    bid, offer = locked
    if bid.state is BidState.WITHDRAWN and bid.bidder_id == member_id:
        return
    withdrawn = bids.withdraw(bid, member_id)
    await save_bid_state(unit, union_id, bid_id, withdrawn.state)
    unit.publish(
        BidWithdrawn(
            union_id=union_id,
            offer_id=bid.offer_id,
            bid_id=bid_id,
            owner_id=offer.owner_id,
            bidder_id=bid.bidder_id,
            withdrawn_at=unit.now,
        )
    )
    unit.record_act("bidder", f"bids/{bid_id}", {"state": withdrawn.state}, union_id=union_id)
