"""A gig from its offer to its payment or refund, over HTTP, with every way in which it can end."""

from datetime import datetime, timedelta

from services.market.domain.escrow import escrow_account_id
from tests.services.escrow_house import ROOT, UNION, House
from tests.services.market.market_acts import (
    PRICE,
    accept,
    act,
    bid_body,
    delivered_agreement,
    funded_agreement,
    made_offer,
    placed_bid,
    present,
    slug_of,
)


async def test_a_gig_is_offered_bid_for_agreed_delivered_and_paid(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)

    answer = await act(market, employer, agreement["id"], "acceptance")

    assert answer.status_code == 200
    paid = answer.json()
    assert (paid["state"], paid["price"]["text"]) == ("paid", "450.00")
    escrow = str(escrow_account_id(UNION, paid["id"]))
    assert market.ledger.escrows[0] == {
        "id": escrow,
        "kind": "escrow",
        "asset": "GLD",
        "resource": f"agreements/{paid['id']}",
        "payees": [f"members/{worker.id}"],
        "exit_to": f"members/{employer.id}",
    }
    moved = [
        (t["debit_account"], t["credit_account"], t["minor"], t["code"]) for t in market.ledger.transfers
    ]
    assert moved == [
        (f"members/{employer.id}", escrow, PRICE, "escrow_fund"),
        (escrow, f"members/{worker.id}", PRICE, "escrow_pay"),
    ]
    assert [t.get("closing_debit", False) for t in market.ledger.transfers] == [False, True]
    states = [event["state"] for event in await market.published("agreement")]
    assert states == ["funding", "funded", "delivered", "paying", "paid"]
    (fact,) = await market.published("agreement.paid")
    assert (fact["worker_id"], fact["paid_minor"]) == (str(worker.id), PRICE)
    assert [event["state"] for event in await market.published("offer")] == ["open", "agreed", "closed"]


async def test_the_employers_act_goes_to_the_ledger_whole(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    (transfer,) = market.ledger.transfers
    forwarded = transfer["act"]
    assert forwarded["target_uri"].endswith(f"/bids/{agreement['id']}/acceptance")
    assert set(forwarded["headers"]) == {"signature", "signature-input", "content-digest"}


async def test_a_worker_who_cancels_returns_the_money_to_the_employer(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    answer = await act(market, worker, agreement["id"], "cancellation")
    assert (answer.status_code, answer.json()["state"]) == (200, "refunded")
    (refund,) = market.ledger.posted("escrow_refund")
    assert refund["credit_account"] == f"members/{employer.id}"
    assert len(await market.published("agreement.refunded")) == 1


async def test_an_employers_cancellation_is_a_proposal_until_the_deadline_and_binding_after_it(
    market: House,
) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    proposed = (await act(market, employer, agreement["id"], "cancellation")).json()
    assert proposed["state"] == "funded"
    assert proposed["cancellation_proposed_at"] is not None
    assert not market.ledger.posted("escrow_refund")

    market.clock.advance(timedelta(seconds=3_600))
    ended = await act(market, employer, agreement["id"], "cancellation")
    assert ended.json()["state"] == "refunded"
    await market.pass_time(1)
    assert len(market.ledger.posted("escrow_refund")) == 1


async def test_a_worker_who_vanishes_cannot_freeze_the_money(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    await market.pass_time(3_599)
    assert (await present(market, employer, agreement["id"]))["state"] == "funded"
    await market.pass_time(1)
    assert (await present(market, employer, agreement["id"]))["state"] == "refunded"


async def test_an_employer_who_stays_silent_pays_the_worker(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)
    await market.pass_time(7 * 24 * 3_600)
    paid = await present(market, worker, agreement["id"])
    assert paid["state"] == "paid"
    assert datetime.fromisoformat(paid["settled_at"]) == market.clock.now()
    assert not market.ledger.posted("escrow_refund")


async def test_a_refused_funding_opens_offer_and_bid_again_and_the_bid_can_be_accepted_anew(
    market: House,
) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    market.ledger.refuses["escrow_fund"] = "insufficient_funds"

    refused = await accept(market, employer, bid["id"])

    assert (refused.status_code, slug_of(refused)) == (409, "refused-by-ledger")
    assert refused.json()["code"] == "insufficient_funds"
    unfunded = await present(market, employer, bid["id"])
    assert (unfunded["state"], unfunded["refusal"]) == ("unfunded", "insufficient_funds")
    assert (await market.get(worker, f"{ROOT}/offers/{offer['id']}")).json()["state"] == "open"

    market.ledger.refuses.clear()
    again = await accept(market, employer, bid["id"])
    assert (again.status_code, again.json()["state"]) == (201, "funded")
    tried = await market.rows("SELECT id, state FROM intents WHERE kind = 'agreement.fund'")
    assert sorted(row["state"] for row in tried) == ["done", "refused"]


async def test_an_escrow_that_cannot_be_opened_refuses_the_funding_and_burns_the_id(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    bid = await placed_bid(market, worker, (await made_offer(market, employer))["id"])
    market.ledger.statuses["PUT accounts"] = 409
    refused = await accept(market, employer, bid["id"])
    assert refused.json()["code"] == "told_409"
    (intent,) = await market.rows("SELECT id FROM intents")
    assert market.ledger.cancelled == [str(intent["id"])]


async def test_while_the_ledger_is_away_the_agreement_waits_and_is_finished_later(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    bid = await placed_bid(market, worker, (await made_offer(market, employer))["id"])
    market.ledger.is_away = True
    waiting = await accept(market, employer, bid["id"])
    assert (waiting.status_code, waiting.json()["state"]) == (202, "funding")
    assert waiting.headers["location"] == f"{ROOT}/agreements/{bid['id']}"

    market.ledger.is_away = False
    await market.reconcile()
    assert (await present(market, worker, bid["id"]))["state"] == "funded"


async def test_a_worker_who_cancels_before_the_ledger_answered_gets_the_employer_refunded(
    market: House,
) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    market.ledger.is_away = True
    await accept(market, employer, bid["id"])
    assert (await act(market, worker, bid["id"], "cancellation")).json()["state"] == "cancelling"

    market.ledger.is_away = False
    await market.reconcile()
    await market.reconcile()
    assert (await present(market, employer, bid["id"]))["state"] == "refunded"


async def test_a_cancellation_before_a_refused_funding_leaves_the_offer_open_and_the_bid_withdrawn(
    market: House,
) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    market.ledger.is_away = True
    await accept(market, employer, bid["id"])
    await act(market, worker, bid["id"], "cancellation")

    market.ledger.is_away = False
    market.ledger.refuses["escrow_fund"] = "insufficient_funds"
    await market.reconcile()
    assert (await present(market, employer, bid["id"]))["state"] == "cancelled"
    assert (await market.get(worker, f"{ROOT}/offers/{offer['id']}")).json()["state"] == "open"
    (row,) = await market.rows("SELECT state FROM bids")
    assert row["state"] == "withdrawn"


async def test_a_refused_payment_is_shown_and_tried_again_as_a_new_transfer(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)
    market.ledger.refuses["escrow_pay"] = "payee_not_permitted"
    refused = await act(market, employer, agreement["id"], "acceptance")
    assert slug_of(refused) == "refused-by-ledger"
    stuck = await present(market, worker, agreement["id"])
    assert (stuck["state"], stuck["refusal"]) == ("paying", "payee_not_permitted")

    market.ledger.refuses.clear()
    await market.pass_time(3_600)
    assert (await present(market, worker, agreement["id"]))["state"] == "paid"
    assert len(market.ledger.posted("escrow_pay")) == 1


async def test_the_other_bids_are_declined_once_the_agreement_is_funded(market: House) -> None:
    employer, worker, other = [await market.person() for _ in range(3)]
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    await market.post(other, f"{ROOT}/offers/{offer['id']}/bids", bid_body())
    await accept(market, employer, bid["id"])
    listed = (await market.get(employer, f"{ROOT}/offers/{offer['id']}/bids")).json()["items"]
    assert sorted(row["state"] for row in listed) == ["accepted", "declined"]


async def test_both_sums_of_the_month_are_open_to_everybody(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)
    await act(market, employer, agreement["id"], "acceptance")
    await funded_agreement(market, employer, worker)
    await made_offer(market, employer)
    summary = (await market.get(None, "/v1/unions/painters/market/summary")).json()
    assert summary["earned"] == {"asset": "GLD", "minor": PRICE, "text": "450.00"}
    assert summary["paid_agreements_count"] == 1
    assert summary["running_agreements_count"] == 1
    assert summary["open_offers_count"] == 1
    await market.pass_time(31 * 24 * 3_600)
    later = (await market.get(None, "/v1/unions/painters/market/summary")).json()
    assert later["earned"]["minor"] == "0"
    assert later["refunded_agreements_count"] == 1


async def test_a_bid_placed_and_withdrawn_is_told_to_its_two_sides(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    offer = await made_offer(market, employer)
    bid = await placed_bid(market, worker, offer["id"])
    path = f"{ROOT}/bids/{bid['id']}"
    assert [(await market.delete(worker, path)).status_code for _ in range(2)] == [204, 204]
    (placed,) = await market.published("bid.placed")
    (withdrawn,) = await market.published("bid.withdrawn")
    for told in (placed, withdrawn):
        assert (told["bid_id"], told["owner_id"], told["bidder_id"]) == (
            bid["id"],
            str(employer.id),
            str(worker.id),
        )
    assert placed["price_minor"] == bid["price"]["minor"]
