"""Money moves by recorded intent: once in effect, whatever fails between its three steps."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from chassis.intents import intent_id_of
from tests.chassis.toy import Toy


async def test_the_answer_is_the_state_after_the_effect(toy: Toy) -> None:
    answer = await toy.post("/v1/counters/a/payment", key="k")
    assert (answer.status_code, answer.json()["paid"]) == (201, "done")
    assert answer.headers["location"] == "/v1/counters/a"


async def test_a_repeat_makes_no_second_intent_and_shows_the_present_state(toy: Toy) -> None:
    await toy.post("/v1/counters/a/payment", key="k")
    again = await toy.post("/v1/counters/a/payment", key="k")
    assert (again.status_code, again.json()) == (201, {"name": "a", "value": 1, "paid": "done"})
    assert len(toy.hooks.ledger_calls) == 1


async def test_a_refusal_is_a_problem_and_stays_one(toy: Toy) -> None:
    toy.hooks.ledger_answers = [409]
    for _ in range(2):
        answer = await toy.post("/v1/counters/a/payment", key="k")
        assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_funds")
    assert len(toy.hooks.ledger_calls) == 1


async def test_without_a_definite_answer_the_resource_waits_and_the_reconciler_ends_it(toy: Toy) -> None:
    toy.hooks.ledger_answers = [503, 503]
    answer = await toy.post("/v1/counters/a/payment", key="k")
    assert (answer.status_code, answer.json()["paid"]) == (202, "waiting")
    assert await toy.chassis.settler.reconcile() == 0
    toy.clock.advance(timedelta(seconds=10))
    assert await toy.chassis.settler.reconcile() == 0
    toy.clock.advance(timedelta(seconds=60))
    assert await toy.chassis.settler.reconcile() == 1
    again = await toy.post("/v1/counters/a/payment", key="k")
    assert (again.status_code, again.json()) == (201, {"name": "a", "value": 1, "paid": "done"})


async def test_an_intent_that_a_crash_left_is_finished_by_the_reconciler(toy: Toy) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toy.chassis.settler, "start", lambda _: None)  # the process dies after step a
        async with toy.chassis.unit("member:x") as unit:
            raw = await unit.raw()
            await raw.execute("INSERT INTO counters VALUES ('a', 0, 'waiting')")
            await unit.record_intent("pay", "a", {"name": "a"}, "/v1/counters/a")
    toy.clock.advance(timedelta(seconds=11))
    assert await toy.chassis.settler.reconcile() == 1
    assert (await toy.get("/v1/counters/a")).json()["paid"] == "done"


async def test_the_first_answer_wins_and_the_effect_happens_once(toy: Toy) -> None:
    labels = {"kind": "pay", "outcome": "done"}
    counted = REGISTRY.get_sample_value("guildhall_intents_settled_total", labels) or 0
    toy.hooks.ledger_answers = [503]
    await toy.post("/v1/counters/a/payment", key="k")
    intent_id = intent_id_of("pay", "a")
    await asyncio.gather(*(toy.chassis.settler.settle(intent_id) for _ in range(4)))
    assert (await toy.get("/v1/counters/a")).json() == {"name": "a", "value": 1, "paid": "done"}
    assert REGISTRY.get_sample_value("guildhall_intents_settled_total", labels) == counted + 1


async def test_the_same_intent_recorded_again_is_one(toy: Toy) -> None:
    await toy.post("/v1/counters/a/payment", key="k")
    await toy.post("/v1/counters/a/payment", key="another")
    assert await toy.count("intents") == 1
    assert len(toy.hooks.ledger_calls) == 1
