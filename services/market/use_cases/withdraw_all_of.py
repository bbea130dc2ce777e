"""Take back what is open of who is no more: nobody accepts a bid of theirs, or bids for their gig."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.store.open_of_member import open_bids_of, open_offers_of
from services.market.use_cases.withdraw_bid import withdraw_bid
from services.market.use_cases.withdraw_offer import withdraw_offer

WITHDRAW_ALL = "withdraw_all"
AT_ONCE_MAX = 50


async def withdraw_all_of(unit: UnitOfWork, member_id: UUID) -> bool:
    """A stretch of them; whether more may be left."""
    offers = await open_offers_of(unit, member_id, AT_ONCE_MAX)
    for union_id, offer_id in offers:
        await withdraw_offer(unit, union_id, offer_id, member_id)
    bids = await open_bids_of(unit, member_id, AT_ONCE_MAX)
    for union_id, bid_id in bids:
        await withdraw_bid(unit, union_id, bid_id, member_id)
    return len(offers) == AT_ONCE_MAX or len(bids) == AT_ONCE_MAX
