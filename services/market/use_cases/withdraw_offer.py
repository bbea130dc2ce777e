"""Withdraw an offer that nobody's bid was accepted for; its open bids are declined."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain import offers
from services.market.domain.errors import OfferNotFound
from services.market.domain.offers import OfferState
from services.market.store.bids import decline_open_bids
from services.market.store.offers import lock_offer, save_offer
from services.market.use_cases.publish_offer import publish_offer


async def withdraw_offer(unit: UnitOfWork, union_id: UUID, offer_id: UUID, member_id: UUID) -> None:
    """Withdrawing again changes nothing. Raises OfferNotFound, NotOfferOwner, OfferNotOpen."""
    offer = await lock_offer(unit, union_id, offer_id)
    if offer is None:
        raise OfferNotFound(offer_id)
    if offer.state is OfferState.WITHDRAWN and offer.owner_id == member_id:
        return
    withdrawn = offers.withdraw(offer, member_id)
    await save_offer(unit, withdrawn)
    await decline_open_bids(unit, union_id, offer_id)
    publish_offer(unit, withdrawn)
    unit.record_act("offer_owner", f"offers/{offer_id}", {"state": withdrawn.state}, union_id=union_id)
