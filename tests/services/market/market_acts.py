"""What employers and workers do at the market's API, as the tests of the market need it."""

from typing import Any

import httpx

from tests.services.escrow_house import ROOT, House, Person

PRICE = "450000000"


def money(minor: str | int = PRICE, asset: str = "GLD") -> dict[str, str]:
    return {"asset": asset, "minor": str(minor)}


def offer_body(**changed: Any) -> dict[str, Any]:
    return {"kind": "gig", "title": "Paint the hall", "description": "Two coats", "price": money()} | changed


def bid_body(**changed: Any) -> dict[str, Any]:
    return {"price": money(), "delivery_seconds": 3_600, "message": "Gladly"} | changed


async def made_offer(market: House, employer: Person, **changed: Any) -> dict[str, Any]:
    return _created(await market.post(employer, f"{ROOT}/offers", offer_body(**changed), signed=False))


async def placed_bid(market: House, worker: Person, offer_id: str, **changed: Any) -> dict[str, Any]:
    return _created(await market.post(worker, f"{ROOT}/offers/{offer_id}/bids", bid_body(**changed)))


async def accept(
    market: House, employer: Person, bid_id: str, key: str | None = None, **debit: str
) -> httpx.Response:
    body = {"debit": money() | {"to": f"agreements/{bid_id}"} | debit}
    return await market.post(employer, f"{ROOT}/bids/{bid_id}/acceptance", body, key=key)


async def funded_agreement(market: House, employer: Person, worker: Person) -> dict[str, Any]:
    """An agreement about one gig, its price in escrow."""
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    agreement = _created(await accept(market, employer, bid["id"]))
    assert agreement["state"] == "funded"
    return agreement


async def delivered_agreement(market: House, employer: Person, worker: Person) -> dict[str, Any]:
    agreement = await funded_agreement(market, employer, worker)
    answer = await act(market, worker, agreement["id"], "deliveries", {"note": "done"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def act(
    market: House, who: Person | None, agreement_id: str, noun: str, body: Any = None, *, signed: bool = True
) -> httpx.Response:
    return await market.post(who, f"{ROOT}/agreements/{agreement_id}/{noun}", body, signed=signed)


async def present(market: House, who: Person, agreement_id: str) -> dict[str, Any]:
    answer = await market.get(who, f"{ROOT}/agreements/{agreement_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _created(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return answer.json()


def slug_of(answer: httpx.Response) -> str:
    """The slug of a problem's type."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()["type"].removeprefix("/problems/")
