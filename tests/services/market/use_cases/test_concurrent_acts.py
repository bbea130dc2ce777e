"""What two members do at the same moment: one agreement, one intent, one answer."""

import asyncio
from datetime import timedelta

from services.market.domain.errors import AgreementNotInState
from services.market.use_cases.answer_funding import answer_funding
from tests.services.escrow_house import ROOT, UNION, House
from tests.services.market.market_acts import (
    accept,
    act,
    bid_body,
    delivered_agreement,
    funded_agreement,
    made_offer,
    offer_body,
    placed_bid,
    present,
)


async def test_many_acceptances_of_one_offer_at_once_make_one_agreement(market: House) -> None:
    employer, *workers = [await market.person() for _ in range(9)]
    for _ in range(2):
        offer = await made_offer(market, employer)
        bids = [await placed_bid(market, worker, offer["id"]) for worker in workers]
        answers = await asyncio.gather(*(accept(market, employer, bid["id"]) for bid in bids))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(await market.rows("SELECT FROM agreements")) == 2
    assert len(market.ledger.posted("escrow_fund")) == 2


async def test_an_acceptance_repeated_makes_one_intent(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    bid = await placed_bid(market, worker, (await made_offer(market, employer))["id"])
    first = await accept(market, employer, bid["id"], key="once")
    again = await accept(market, employer, bid["id"], key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    without_key = await accept(market, employer, bid["id"])
    assert without_key.status_code == 409
    assert len(await market.rows("SELECT FROM intents")) == 1
    assert len(market.ledger.posted("escrow_fund")) == 1


async def test_acceptance_and_cancellation_at_once_pay_or_refund_but_never_both(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)
    answers = await asyncio.gather(
        act(market, employer, agreement["id"], "acceptance"),
        act(market, worker, agreement["id"], "cancellation"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(market.ledger.posted("escrow_pay") + market.ledger.posted("escrow_refund")) == 1


async def test_acceptance_and_the_review_deadline_at_once_pay_once(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await delivered_agreement(market, employer, worker)
    market.clock.advance(timedelta(days=8))
    await asyncio.gather(
        act(market, employer, agreement["id"], "acceptance"), market.chassis.timer_runner.run_due()
    )
    await market.reconcile()
    assert (await present(market, worker, agreement["id"]))["state"] == "paid"
    assert len(market.ledger.posted("escrow_pay")) == 1


async def test_a_second_answer_to_a_funding_is_no_answer(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    refused = None
    try:
        async with market.unit() as unit:
            await answer_funding(unit, UNION, agreement["id"], "insufficient_funds")
    except AgreementNotInState as error:
        refused = error
    assert refused is not None
    assert (await present(market, worker, agreement["id"]))["state"] == "funded"


async def test_limits_hold_when_everything_comes_at_once(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    made = await asyncio.gather(
        *(market.post(employer, f"{ROOT}/offers", offer_body(), signed=False) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in made) == [201] * 3 + [409] * 3
    offers = [answer.json()["id"] for answer in made if answer.status_code == 201]
    bids = await asyncio.gather(
        *(market.post(worker, f"{ROOT}/offers/{offer}/bids", bid_body()) for offer in offers * 2)
    )
    assert sorted(answer.status_code for answer in bids) == [201] * 2 + [409] * 4
