"""Publish an offer's public state: kind, price and state, never its texts."""

from chassis.unit_of_work import UnitOfWork
from events.market import OfferState as OfferStateEvent
from services.market.domain.offers import Offer


def publish_offer(unit: UnitOfWork, offer: Offer) -> None:
    unit.publish(
        OfferStateEvent(
            version=offer.version,
            union_id=offer.union_id,
            offer_id=offer.offer_id,
            state=offer.state,
            kind=offer.kind,
            owner_id=offer.owner_id,
            asset=offer.asset,
            price_minor=offer.price_minor,
        )
    )
