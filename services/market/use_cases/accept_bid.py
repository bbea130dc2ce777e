"""Accept a bid: the offer is agreed, and the price goes into escrow before work may start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.membership import active_members
from chassis.unit_of_work import UnitOfWork
from services.market.domain import agreements, bids, offers
from services.market.domain.agreements import Agreement
from services.market.domain.errors import BidderNotActive, BidNotFound, NotOfferOwner
from services.market.store.agreements import fetch_agreement_of_held_offer
from services.market.store.bids import lock_bid, save_bid_state
from services.market.store.offers import save_offer
from services.market.use_cases.move_agreement import move_agreement
from services.market.use_cases.publish_offer import publish_offer
from services.market.use_cases.record_transfer import FUND, record_transfer


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The employer's signed act: what it lets the market take, and the act itself as the ledger reads it."""

    asset: str
    amount_minor: int
    to: str
    forwarded_act: Mapping[str, Any]


async def accept_bid(
    unit: UnitOfWork, union_id: UUID, bid_id: UUID, member_id: UUID, acceptance: Acceptance
) -> Agreement:
    """The agreement waits in `funding` for the ledger; see answer_funding.

    Raises BidNotFound, NotOfferOwner, OfferNotOpen, BidNotOpen, DebitMismatch, BidderNotActive.
    """
    locked = await lock_bid(unit, union_id, bid_id)
    if locked is None:
        raise BidNotFound(bid_id)
    bid, offer = locked
    if offer.owner_id != member_id:
        raise NotOfferOwner(offer.offer_id)
    agreed, accepted = offers.agree(offer), bids.accept(bid)
    if not await active_members(unit, union_id, [bid.bidder_id]):
        raise BidderNotActive(bid_id)
    before = await fetch_agreement_of_held_offer(unit, union_id, bid_id)
    agreement = (
        agreements.begin(offer, bid, unit.now) if before is None else agreements.begin_again(before, unit.now)
    )
    agreements.check_debit(agreement, acceptance.asset, acceptance.amount_minor, acceptance.to)
    await save_offer(unit, agreed)
    await save_bid_state(unit, union_id, bid_id, accepted.state)
    await move_agreement(unit, before, agreement)
    await record_transfer(unit, agreement, FUND, acceptance.forwarded_act)
    publish_offer(unit, agreed)
    unit.record_act(
        "offer_owner",
        f"agreements/{bid_id}",
        {"state": agreement.state, "price_minor": agreement.price_minor},
        union_id=union_id,
    )
    return agreement
