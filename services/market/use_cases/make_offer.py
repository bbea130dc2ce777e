"""Make an offer: a gig with a price in the union's own token."""

from dataclasses import dataclass
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.market.domain import limits
from services.market.domain.limits import MarketLimits
from services.market.domain.offers import Offer, OfferKind, OfferState
from services.market.store.offers import count_open_offers, insert_offer
from services.market.use_cases.publish_offer import publish_offer


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What the member wrote; without `review_seconds` the charter's hold, as far as the market bears them."""

    kind: OfferKind
    title: str
    description: str
    asset: str
    price_minor: int
    review_seconds: int | None


async def make_offer(
    unit: UnitOfWork, bounds: MarketLimits, union: UnionView, owner_id: UUID, draft: OfferDraft
) -> Offer:
    """Raises WrongAsset, OutOfBounds, TooManyOpenOffers."""
    union_id, token = union.id, union.token
    review_seconds = draft.review_seconds
    if review_seconds is None:
        review_seconds = limits.review_default(bounds, union.parameters)
    limits.check_asset(draft.asset, token.symbol)
    limits.check_offer(bounds, draft.title, draft.description, draft.price_minor, review_seconds)
    limits.check_open_offers(bounds, await count_open_offers(unit, union_id, owner_id))
    offer = Offer(
        union_id=union_id,
        offer_id=unit.ids.new(),
        version=1,
        state=OfferState.OPEN,
        kind=draft.kind,
        owner_id=owner_id,
        title=draft.title,
        description=draft.description,
        asset=token.symbol,
        asset_scale=token.scale,
        price_minor=draft.price_minor,
        review_seconds=review_seconds,
        made_at=unit.now,
    )
    await insert_offer(unit, offer)
    publish_offer(unit, offer)
    unit.record_act(
        "active_member",
        f"offers/{offer.offer_id}",
        {"price_minor": offer.price_minor},
        union_id=union_id,
        charter_version=union.charter_version,
    )
    return offer
