"""Offers: made and withdrawn by their owner, seen by the members of the union."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.fields import CleanText, Line
from chassis.membership import ActiveMember, MembershipOfCaller
from chassis.money import Money, MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.market.api.fields import Seconds
from services.market.domain.errors import OfferNotFound
from services.market.domain.offers import Offer, OfferKind, OfferState
from services.market.settings import MarketSettings
from services.market.store.offers import fetch_offer, list_offers
from services.market.use_cases.make_offer import OfferDraft, make_offer
from services.market.use_cases.withdraw_offer import withdraw_offer

router = APIRouter(prefix="/v1/unions/{union}", tags=["market"], route_class=TransactionRoute)


class OfferBody(BaseModel):
    """A gig: somebody wanted to do this, for about this price."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["gig"] = "gig"
    title: Annotated[Line, Field(examples=["Translate the charter"])]
    description: Annotated[CleanText, Field(examples=["Two pages, into Portuguese."])] = ""
    price: MoneyBody
    review_seconds: Annotated[
        Seconds | None, Field(description="How long the employer may review a delivery before it is paid.")
    ] = None


class OfferView(BaseModel):
    """An offer as the members of its union see it."""

    id: UUID
    union_id: UUID
    state: OfferState
    kind: OfferKind
    owner_id: UUID
    title: str
    description: str
    price: MoneyView
    review_seconds: int
    made_at: datetime

    @classmethod
    def of(cls, offer: Offer) -> "OfferView":
        return cls(
            id=offer.offer_id,
            union_id=offer.union_id,
            state=offer.state,
            kind=offer.kind,
            owner_id=offer.owner_id,
            title=offer.title,
            description=offer.description,
            price=Money(offer.asset, offer.asset_scale, offer.price_minor).view(),
            review_seconds=offer.review_seconds,
            made_at=offer.made_at,
        )


@router.post("/offers", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_offer(
    request: Request, response: Response, unit: Unit, member: ActiveMember, body: OfferBody
) -> OfferView:
    """Make an offer; it binds nobody until a bid for it is accepted."""
    settings: MarketSettings = request.app.state.chassis.settings
    draft = OfferDraft(
        kind=OfferKind(body.kind),
        title=body.title,
        description=body.description,
        asset=body.price.asset,
        price_minor=body.price.amount_minor(),
        review_seconds=body.review_seconds,
    )
    offer = await make_offer(unit, settings.limits(), member.union, member.member_id, draft)
    response.headers["Location"] = f"/v1/unions/{member.union.id}/offers/{offer.offer_id}"
    return OfferView.of(offer)


@router.get("/offers", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_offers(
    unit: Unit,
    member: ActiveMember,
    paging: Paging,
    state: Annotated[OfferState | None, Query()] = None,
    mine: Annotated[bool, Query(description="Only the caller's own.")] = False,
) -> Page[OfferView]:
    """Offers of the union, the newest first."""
    rows = await list_offers(
        unit,
        member.union.id,
        state=state,
        owner_id=member.member_id if mine else None,
        before=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(rows, OfferView.of, lambda offer: offer.offer_id)


@router.get("/offers/{offer}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_offer(unit: Unit, member: ActiveMember, offer: UUID) -> OfferView:
    """One offer of the union, in any state."""
    found = await fetch_offer(unit, member.union.id, offer)
    if found is None:
        raise OfferNotFound(offer)
    return OfferView.of(found)


@router.delete("/offers/{offer}", status_code=204, responses=problem_responses(401, 403, 404, 409, 422, 503))
async def delete_offer(unit: Unit, member: MembershipOfCaller, offer: UUID) -> None:
    """Withdraw an open offer; its open bids are declined."""
    await withdraw_offer(unit, member.union.id, offer, member.member_id)
