"""Bids: placed by a signed act, seen by the offer's owner and by their bidder."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.fields import CleanText
from chassis.membership import ActiveMember, MembershipOfCaller
from chassis.money import DebitBody, Money, MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.signatures import ForwardedAct
from services.market.api.agreements import AgreementView
from services.market.api.fields import Seconds
from services.market.domain.bids import Bid, BidState
from services.market.domain.errors import OfferNotFound
from services.market.settings import MarketSettings
from services.market.store.bids import list_bids
from services.market.store.offers import fetch_offer
from services.market.use_cases.accept_bid import Acceptance, accept_bid
from services.market.use_cases.place_bid import BidDraft, place_bid
from services.market.use_cases.withdraw_bid import withdraw_bid

router = APIRouter(prefix="/v1/unions/{union}", tags=["market"], route_class=TransactionRoute)


class BidBody(BaseModel):
    """What the worker asks for the offer, and how long after the funding they deliver."""

    model_config = ConfigDict(extra="forbid")

    price: MoneyBody
    delivery_seconds: Seconds
    message: Annotated[CleanText, Field(examples=["I have done this before."])] = ""


class AcceptanceBody(BaseModel):
    """The debit is the bid's price, to `agreements/<bid id>`: the ledger checks it itself."""

    model_config = ConfigDict(extra="forbid")

    debit: DebitBody


class BidView(BaseModel):
    """A bid; an accepted one's id is its agreement's."""

    id: UUID
    offer_id: UUID
    bidder_id: UUID
    state: BidState
    price: MoneyView
    delivery_seconds: int
    message: str
    made_at: datetime

    @classmethod
    def of(cls, bid: Bid) -> "BidView":
        return cls(
            id=bid.bid_id,
            offer_id=bid.offer_id,
            bidder_id=bid.bidder_id,
            state=bid.state,
            price=Money(bid.asset, bid.asset_scale, bid.price_minor).view(),
            delivery_seconds=bid.delivery_seconds,
            message=bid.message,
            made_at=bid.made_at,
        )


@router.post(
    "/offers/{offer}/bids",
    status_code=201,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def post_bid(
    request: Request, unit: Unit, member: ActiveMember, act: Act, offer: UUID, body: BidBody
) -> BidView:
    """Bid for an open offer of another member: a signed act that binds until it is withdrawn."""
    settings: MarketSettings = request.app.state.chassis.settings
    draft = BidDraft(body.price.asset, body.price.amount_minor(), body.delivery_seconds, body.message)
    union = member.union
    bid = await place_bid(unit, settings.limits(), union.id, union.token, offer, member.member_id, draft)
    return BidView.of(bid)


@router.get("/offers/{offer}/bids", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_bids(unit: Unit, member: ActiveMember, paging: Paging, offer: UUID) -> Page[BidView]:
    """The bids for an offer, the newest first: all of them to its owner, their own to others."""
    union_id = member.union.id
    found = await fetch_offer(unit, union_id, offer)
    if found is None:
        raise OfferNotFound(offer)
    rows = await list_bids(
        unit,
        union_id,
        offer,
        bidder_id=None if found.owner_id == member.member_id else member.member_id,
        before=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(rows, BidView.of, lambda bid: bid.bid_id)


@router.delete(
    "/bids/{bid}", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def delete_bid(unit: Unit, member: MembershipOfCaller, act: Act, bid: UUID) -> None:
    """Withdraw an open bid."""
    await withdraw_bid(unit, member.union.id, bid, member.member_id)


@router.post(
    "/bids/{bid}/acceptance",
    status_code=201,
    responses={
        202: {"model": AgreementView, "description": "Accepted; the ledger has not answered yet."},
        **problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def post_bid_acceptance(
    response: Response, unit: Unit, member: ActiveMember, act: Act, bid: UUID, body: AcceptanceBody
) -> AgreementView:
    """Accept a bid: its price goes into escrow, and then work may start."""
    acceptance = Acceptance(
        asset=body.debit.asset,
        amount_minor=body.debit.amount_minor(),
        to=body.debit.to,
        forwarded_act=ForwardedAct.of(act).to_json(),
    )
    agreement = await accept_bid(unit, member.union.id, bid, member.member_id, acceptance)
    response.headers["Location"] = f"/v1/unions/{member.union.id}/agreements/{bid}"
    return AgreementView.of(agreement)
