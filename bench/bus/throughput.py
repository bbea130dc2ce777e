"""How many events a second go from a full outbox into an inbox, and how long one takes at an easy pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from bench.bus.house import KEYS_COUNT, Arrivals, House, paid

if TYPE_CHECKING:
    from chassis.bus.transport import Transport

WRITTEN_AT_ONCE = 500
EASY_PACE_PER_SECOND = 1_000
TICK_SECONDS = 0.01
SETTLE_SECONDS = 2.0
CATCH_UP_SECONDS_MAX = 120

_numbers = count(1)


async def outbox_to_inbox(house: House, bus: Transport, events_count: int, group: str) -> float:
    """Events a second. The outbox is filled first; then relay and consumer run until the inbox has all."""
    for begin in range(0, events_count, WRITTEN_AT_ONCE):
        size = min(WRITTEN_AT_ONCE, events_count - begin)
        await house.publisher.publish([paid(next(_numbers)) for _ in range(size)])
    arrivals = Arrivals()
    before = await _inbox_count(house)
    async with _going_on(house.runner(bus, arrivals, group).run()):
        # The group is formed, and stands where the topics end, before the clock starts.
        await asyncio.sleep(SETTLE_SECONDS)
        began = time.perf_counter()
        async with _going_on(house.publisher.relay(bus).run()):
            await arrivals.reach(events_count)
        took_seconds = time.perf_counter() - began
    assert await _inbox_count(house) == before + events_count, "the inbox has each event once"
    return events_count / took_seconds


async def under_way(house: House, bus: Transport, seconds: float, group: str) -> list[float]:
    """Seconds from COMMIT to the effect, of events published one a transaction's ten at 1,000 a second."""
    arrivals = Arrivals()
    size = int(EASY_PACE_PER_SECOND * TICK_SECONDS)
    relay = house.publisher.relay(bus)
    async with _going_on(house.runner(bus, arrivals, group).run()), _going_on(relay.run()):
        await _catch_up(house, arrivals)
        before = arrivals.count
        began = time.perf_counter()
        ticks = int(seconds / TICK_SECONDS)
        for tick in range(ticks):
            await asyncio.sleep(max(0.0, began + tick * TICK_SECONDS - time.perf_counter()))
            numbers = [next(_numbers) for _ in range(size)]
            await house.publisher.publish([paid(number) for number in numbers])
            now = time.perf_counter()
            arrivals.sent_at |= dict.fromkeys(numbers, now)
            relay.wake()
        await arrivals.reach(before + ticks * size)
    return arrivals.seconds


async def _catch_up(house: House, arrivals: Arrivals) -> None:
    """A new group begins with the oldest event: wait until it has read one of each key that is new."""
    markers = [next(_numbers) for _ in range(KEYS_COUNT)]
    arrivals.sent_at = dict.fromkeys(markers, time.perf_counter())
    await house.publisher.publish([paid(number) for number in markers])
    async with asyncio.timeout(CATCH_UP_SECONDS_MAX):
        while len(arrivals.seconds) < KEYS_COUNT:  # noqa: ASYNC110
            await asyncio.sleep(TICK_SECONDS)
    arrivals.sent_at, arrivals.seconds = {}, []


def percentile(values: list[float], hundredths: int) -> float:
    """The nearest-rank percentile."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * hundredths // 100) - 1)]


async def _inbox_count(house: House) -> int:
    return await house.consumer.database.hot_reads().fetchval("SELECT count(*) FROM inbox")


@asynccontextmanager
async def _going_on(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
