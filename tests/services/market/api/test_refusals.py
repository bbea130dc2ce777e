"""Every refusal of the market over HTTP: its status and its problem."""

from datetime import timedelta
from typing import Any

from tests.services.escrow_house import ROOT, House
from tests.services.market.market_acts import (
    accept,
    act,
    bid_body,
    delivered_agreement,
    funded_agreement,
    made_offer,
    money,
    offer_body,
    placed_bid,
    slug_of,
)

NOWHERE = "0195e0c2-0000-7000-8000-00000000dead"


WRONG_OFFERS: list[tuple[dict[str, Any], str]] = [
    ({"price": money(asset="SLV")}, "wrong-asset"),
    ({"price": money("0")}, "out-of-bounds"),
    ({"title": ""}, "out-of-bounds"),
    ({"title": "x" * 121}, "out-of-bounds"),
    ({"description": "x" * 4_001}, "out-of-bounds"),
    ({"review_seconds": 2**31 - 1}, "out-of-bounds"),
    ({"review_seconds": 0}, "malformed-body"),
    ({"title": "a\u0000b"}, "malformed-body"),
    ({"title": "two\nlines"}, "malformed-body"),
    ({"price": money(str(2**62 + 1))}, "malformed-body"),
    ({"price": {"asset": "GLD", "minor": 5}}, "malformed-body"),
    ({"price": {"asset": "GLD", "minor": "1.5"}}, "malformed-body"),
    ({"kind": "job"}, "malformed-body"),
    ({"colour": "red"}, "malformed-body"),
]


async def test_an_offer_that_is_not_right_is_refused(market: House) -> None:
    member = await market.person()
    for changed, slug in WRONG_OFFERS:
        refused = await market.post(member, f"{ROOT}/offers", offer_body(**changed), signed=False)
        assert (refused.status_code, slug_of(refused)) == (422, slug)


WRONG_BIDS: list[tuple[dict[str, Any], str]] = [
    ({"price": money(asset="SLV")}, "wrong-asset"),
    ({"price": money("0")}, "out-of-bounds"),
    ({"delivery_seconds": 365 * 24 * 3_600 + 1}, "out-of-bounds"),
    ({"message": "x" * 2_001}, "out-of-bounds"),
    ({"delivery_seconds": "soon"}, "malformed-body"),
]


async def test_a_bid_that_is_not_right_is_refused(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    for changed, slug in WRONG_BIDS:
        refused = await market.post(worker, f"{ROOT}/offers/{offer['id']}/bids", bid_body(**changed))
        assert (refused.status_code, slug_of(refused)) == (422, slug)


async def test_outsiders_strangers_and_those_who_left_make_no_offers_and_see_none(market: House) -> None:
    left = await market.person("left")
    for who, status, slug in ((None, 401, "unauthenticated"), (left, 403, "not-a-member")):
        assert slug_of(await market.get(who, f"{ROOT}/offers")) == slug
        refused = await market.post(who, f"{ROOT}/offers", offer_body(), signed=False)
        assert (refused.status_code, slug_of(refused)) == (status, slug)
    stranger = await market.person(None)
    assert (await market.get(stranger, f"{ROOT}/offers")).status_code == 403
    assert (await market.get(None, "/v1/unions/nowhere/market/summary")).status_code == 404


async def test_acts_that_bind_are_refused_without_a_signature(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    offer = await made_offer(market, employer)
    for path, body in (
        (f"{ROOT}/offers/{offer['id']}/bids", bid_body()),
        (f"{ROOT}/agreements/{agreement['id']}/deliveries", {"note": "done"}),
        (f"{ROOT}/agreements/{agreement['id']}/cancellation", None),
        (f"{ROOT}/agreements/{agreement['id']}/acceptance", None),
    ):
        assert (await market.post(worker, path, body, signed=False)).status_code == 401, path
    assert (await market.delete(worker, f"{ROOT}/bids/{agreement['id']}", signed=False)).status_code == 401


async def test_what_does_not_exist_is_not_found(market: House) -> None:
    member = await market.person()
    answers = {
        "offer-not-found": [
            await market.get(member, f"{ROOT}/offers/{NOWHERE}"),
            await market.get(member, f"{ROOT}/offers/{NOWHERE}/bids"),
            await market.delete(member, f"{ROOT}/offers/{NOWHERE}", signed=False),
            await market.post(member, f"{ROOT}/offers/{NOWHERE}/bids", bid_body()),
        ],
        "bid-not-found": [
            await accept(market, member, NOWHERE),
            await market.delete(member, f"{ROOT}/bids/{NOWHERE}"),
        ],
        "agreement-not-found": [
            await market.get(member, f"{ROOT}/agreements/{NOWHERE}"),
            await act(market, member, NOWHERE, "deliveries", {"note": ""}),
            await act(market, member, NOWHERE, "acceptance"),
            await act(market, member, NOWHERE, "cancellation"),
        ],
    }
    for slug, refused in answers.items():
        assert [(one.status_code, slug_of(one)) for one in refused] == [(404, slug)] * len(refused)


async def test_an_agreement_does_not_exist_for_those_who_are_not_its_parties(market: House) -> None:
    employer, worker, third = [await market.person() for _ in range(3)]
    agreement = await delivered_agreement(market, employer, worker)
    assert slug_of(await market.get(third, f"{ROOT}/agreements/{agreement['id']}")) == "agreement-not-found"
    for noun in ("acceptance", "cancellation"):
        assert slug_of(await act(market, third, agreement["id"], noun)) == "agreement-not-found"


async def test_only_the_owner_withdraws_an_offer_and_only_while_it_is_open(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    path = f"{ROOT}/offers/{offer['id']}"
    refused = await market.delete(worker, path, signed=False)
    assert (refused.status_code, slug_of(refused)) == (403, "not-offer-owner")
    await accept(market, employer, (await placed_bid(market, worker, offer["id"]))["id"])
    assert slug_of(await market.delete(employer, path, signed=False)) == "offer-not-open"


async def test_a_withdrawn_offer_declines_its_bids_and_takes_no_more(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    path = f"{ROOT}/offers/{offer['id']}"
    assert [(await market.delete(employer, path, signed=False)).status_code for _ in range(2)] == [204, 204]
    assert slug_of(await market.post(worker, f"{path}/bids", bid_body())) == "offer-not-open"
    assert slug_of(await accept(market, employer, bid["id"])) == "offer-not-open"
    assert slug_of(await market.delete(worker, f"{ROOT}/bids/{bid['id']}")) == "bid-not-open"


async def test_who_may_bid_and_how_often(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    offers = [await made_offer(market, employer) for _ in range(3)]
    paths = [f"{ROOT}/offers/{offer['id']}/bids" for offer in offers]
    assert slug_of(await market.post(employer, paths[0], bid_body())) == "own-offer"
    first = await placed_bid(market, worker, offers[0]["id"])
    repeated = await market.post(worker, paths[0], bid_body())
    assert (repeated.status_code, slug_of(repeated)) == (409, "already-bid")
    assert repeated.json()["bid_id"] == first["id"]
    await placed_bid(market, worker, offers[1]["id"])
    assert slug_of(await market.post(worker, paths[2], bid_body())) == "too-many-open-bids"
    assert slug_of(await market.delete(employer, f"{ROOT}/bids/{first['id']}")) == "not-bidder"
    gone = [(await market.delete(worker, f"{ROOT}/bids/{first['id']}")).status_code for _ in range(2)]
    assert gone == [204, 204]
    assert (await market.post(worker, paths[0], bid_body())).status_code == 201


async def test_a_member_has_only_so_many_open_offers(market: House) -> None:
    member = await market.person()
    offers = [await made_offer(market, member) for _ in range(3)]
    refused = await market.post(member, f"{ROOT}/offers", offer_body(), signed=False)
    assert (refused.status_code, slug_of(refused)) == (409, "too-many-open-offers")
    await market.delete(member, f"{ROOT}/offers/{offers[0]['id']}", signed=False)
    await made_offer(market, member)


WRONG_DEBITS: list[tuple[dict[str, str], str]] = [
    ({"minor": "449999999"}, "minor"),
    ({"asset": "SLV"}, "asset"),
    ({"to": "agreements/other"}, "to"),
]


async def test_a_signed_debit_that_is_not_the_price_into_this_escrow_is_refused(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    bid = await placed_bid(market, worker, (await made_offer(market, employer))["id"])
    for debit, field in WRONG_DEBITS:
        refused = await accept(market, employer, bid["id"], **debit)
        assert (refused.status_code, slug_of(refused)) == (422, "debit-mismatch")
        assert refused.json()["field"] == field
        assert not market.ledger.transfers


async def test_only_the_owner_accepts_a_bid_and_only_of_an_active_member(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    bid = await placed_bid(market, worker, (await made_offer(market, employer))["id"])
    assert slug_of(await accept(market, worker, bid["id"])) == "not-offer-owner"
    await market.keep_membership(worker, "left", version=2)
    assert slug_of(await accept(market, employer, bid["id"])) == "bidder-not-active"


async def test_each_party_has_its_own_acts(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    refused = await act(market, employer, agreement["id"], "deliveries", {"note": "mine"})
    assert (refused.status_code, slug_of(refused)) == (403, "not-worker")
    early = await act(market, employer, agreement["id"], "acceptance")
    assert (early.status_code, slug_of(early)) == (409, "agreement-not-in-state")
    assert early.json()["needed"] == "delivered"
    refused = await act(market, worker, agreement["id"], "acceptance")
    assert (refused.status_code, slug_of(refused)) == (403, "not-employer")
    too_long = await act(market, worker, agreement["id"], "deliveries", {"note": "x" * 4_001})
    assert (too_long.status_code, slug_of(too_long)) == (422, "out-of-bounds")


async def test_a_delivery_after_the_deadline_is_refused(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    market.clock.advance(timedelta(seconds=3_600))
    refused = await act(market, worker, agreement["id"], "deliveries", {"note": "late"})
    assert (refused.status_code, slug_of(refused)) == (409, "delivery-deadline-passed")


async def test_those_who_left_finish_what_they_agreed_to(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    for person in (employer, worker):
        await market.keep_membership(person, "left", version=2)
    assert (await act(market, worker, agreement["id"], "deliveries", {"note": "ok"})).status_code == 200
    assert (await act(market, employer, agreement["id"], "acceptance")).json()["state"] == "paid"
