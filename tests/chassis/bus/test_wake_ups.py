"""Wake-ups: only those whom it concerns, and bursts as one."""

import asyncio

from chassis.bus.postgres.wake_ups import EVERYTHING, REBALANCE, WakeUps


async def test_a_burst_wakes_a_reader_once() -> None:
    wake_ups = WakeUps(pause_seconds=0.05)
    sleeper = wake_ups.sleeper({"offer"})
    wake_ups.wake({"offer"})
    assert await sleeper.sleep(1)
    loop = asyncio.get_running_loop()
    began, woken_count = loop.time(), 0
    while loop.time() < began + 0.2:
        wake_ups.wake({"offer"})
        woken_count += await sleeper.sleep(0.001)
    assert 1 <= woken_count <= 5


async def test_a_reader_sleeps_through_types_that_it_does_not_read() -> None:
    wake_ups = WakeUps()
    offers, everything = wake_ups.sleeper({"offer"}), wake_ups.sleeper(None)
    wake_ups.wake({"union"})
    assert await everything.sleep(1)
    assert not await offers.sleep(0.05)
    for types in (EVERYTHING, {REBALANCE}):
        wake_ups.wake(types)
        assert await offers.sleep(1)
        assert offers.rebalance


async def test_a_wake_up_that_comes_before_the_sleep_is_not_lost() -> None:
    wake_ups = WakeUps()
    sleeper = wake_ups.sleeper({"offer"})
    wake_ups.wake({"offer"})
    await asyncio.sleep(0.05)
    assert await sleeper.sleep(0.01)
    wake_ups.forget(sleeper)
    wake_ups.wake({"offer"})
    assert not await sleeper.sleep(0.05)
