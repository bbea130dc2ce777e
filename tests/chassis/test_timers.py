"""Timers run once, in the transaction of their effect, late ones in due order."""

import asyncio
from datetime import time, timedelta

from prometheus_client import REGISTRY

from chassis.daily import Daily
from chassis.timers import upsert_timer
from tests.chassis.toy import Toy


def runs_counted() -> float:
    return REGISTRY.get_sample_value("guildhall_timers_run_total", {"kind": "ring"}) or 0


async def set_timers(toy: Toy, **due_in_seconds: int) -> None:
    async with toy.chassis.unit("test") as unit:
        for key, seconds in due_in_seconds.items():
            await unit.set_timer("ring", key, unit.now + timedelta(seconds=seconds), {"of": key})


async def test_a_timer_runs_at_its_time_and_not_before(toy: Toy) -> None:
    counted = runs_counted()
    await set_timers(toy, a=10)
    assert await toy.chassis.timer_runner.run_due() == 0
    toy.clock.advance(timedelta(seconds=10))
    assert await toy.chassis.timer_runner.run_due() == 1
    assert await toy.chassis.timer_runner.run_due() == 0
    assert [(timer.key, timer.payload) for timer in toy.hooks.timers_run] == [("a", {"of": "a"})]
    assert await toy.count("act_log") == 1
    assert runs_counted() == counted + 1


async def test_late_timers_run_in_due_order(toy: Toy) -> None:
    await set_timers(toy, c=30, a=10, b=20)
    toy.clock.advance(timedelta(hours=1))
    await toy.chassis.timer_runner.run_due()
    assert [timer.key for timer in toy.hooks.timers_run] == ["a", "b", "c"]


async def test_replicas_run_each_timer_once(toy: Toy) -> None:
    await set_timers(toy, **{f"t{number}": 1 for number in range(40)})
    toy.clock.advance(timedelta(seconds=1))
    ran = await asyncio.gather(*(toy.chassis.timer_runner.run_due() for _ in range(3)))
    assert sum(ran) == 40
    assert len({timer.key for timer in toy.hooks.timers_run}) == len(toy.hooks.timers_run) == 40


async def test_setting_a_timer_again_moves_it_and_cancelling_ends_it(toy: Toy) -> None:
    await set_timers(toy, a=10, b=10)
    await set_timers(toy, a=20)
    async with toy.chassis.unit("test") as unit:
        await unit.cancel_timer("ring", "b")
    toy.clock.advance(timedelta(seconds=10))
    assert await toy.chassis.timer_runner.run_due() == 0
    toy.clock.advance(timedelta(seconds=10))
    assert await toy.chassis.timer_runner.run_due() == 1


async def test_a_failing_timer_waits_and_keeps_none_behind_it(toy: Toy) -> None:
    await set_timers(toy, a=1)
    toy.clock.advance(timedelta(seconds=1))
    toy.hooks.timer_fails = True
    await toy.chassis.timer_runner.run_due()
    toy.hooks.timer_fails = False
    await set_timers(toy, b=0)
    assert await toy.chassis.timer_runner.run_due() == 1
    toy.clock.advance(timedelta(seconds=2))
    await toy.chassis.timer_runner.run_due()
    assert [timer.key for timer in toy.hooks.timers_run] == ["b", "a"]


async def test_a_daily_timer_comes_due_again(toy: Toy) -> None:
    daily = Daily(time(9), "Europe/Berlin")
    async with toy.chassis.unit("test") as unit:
        first = daily.next_due(unit.now)
        await upsert_timer(await unit.raw(), "ring", "daily", first, {}, daily)
    for _ in range(2):
        toy.clock.advance(timedelta(days=1))
        await toy.chassis.timer_runner.run_due()
    assert [timer.due for timer in toy.hooks.timers_run] == [first, first + timedelta(days=1)]
