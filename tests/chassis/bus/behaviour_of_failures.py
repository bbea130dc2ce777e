"""Failures: what cannot pass is parked, outages are waited out, what is too large is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chassis import outbox
from chassis.bus.envelope import Envelope, EventTooLarge
from chassis.clock import ManualClock
from chassis.inbox import parked_events, retry_parked
from chassis.outbox import OutboxRow
from tests.chassis.bus.doubles import (
    GROUP,
    PAID,
    BusUnderTest,
    has,
    is_now,
    new_id,
    tailing,
    take_all,
)
from tests.chassis.bus.house import Effects, Service, paid, running, until


class FailureBehaviour:
    """Poison, outages, limits."""

    async def test_a_poison_event_is_parked_with_later_ones_of_its_key_and_others_go_on(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        effects.poisoned = {3}
        runner = effects.runner(one)
        async with running(publisher.relay(one).run(), runner.run()):
            await publisher.publish([paid(key, value) for value in range(6) for key in (1, 2)])
            await publisher.publish([paid(2, 3)])
            await publisher.publish([paid(5, 1)])
            await until(lambda: has(effects, 7))
            await publisher.publish([paid(1, 6), paid(5, 2)])
            await until(lambda: has(effects, 8))
            await until(lambda: is_now(runner.status.parked_count, 8))
            parked = await parked_events(effects.service.unit, GROUP)
            assert await effects.by_key() == {1: [0, 1, 2], 2: [0, 1, 2], 5: [1, 2]}
            assert [event.error for event in parked if event.tries_count][:2] == ["Poison: no 3"] * 2
            assert {event.tries_count for event in parked} == {0, 5}
            assert await retry_parked(effects.service.unit, effects.consumers()) == (0, 8)
            effects.poisoned = set()
            assert await retry_parked(effects.service.unit, effects.consumers()) == (8, 0)
            await publisher.publish([paid(1, 7)])
            await until(lambda: has(effects, 17))
        assert await effects.by_key() == {1: list(range(8)), 2: [0, 1, 2, 3, 4, 5, 3], 5: [1, 2]}

    async def test_the_bus_away_for_a_moment_loses_nothing(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        await self._bus_away(bus, publisher, effects, away_seconds=1.0)

    @pytest.mark.slow
    async def test_the_bus_away_for_a_minute_loses_nothing(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        await self._bus_away(bus, publisher, effects, away_seconds=60.0)

    async def _bus_away(
        self, bus: BusUnderTest, publisher: Service, effects: Effects, away_seconds: float
    ) -> None:
        one, two = await bus.process(), await bus.process()
        sent, going = 0, True

        async def act() -> None:
            nonlocal sent
            while going:
                await publisher.publish([paid(key, sent) for key in range(10)])
                sent += 1
                await asyncio.sleep(0.05)

        relay, runner = publisher.relay(one), effects.runner(two)
        async with running(relay.run(), runner.run()), tailing(two) as tailed:
            acting = asyncio.create_task(act())
            await until(lambda: has(effects, 20))
            async with bus.away():
                await asyncio.sleep(away_seconds)
                before = sent
            going = False
            await acting
            assert before > 0 and before <= sent
            await until(lambda: has(effects, sent * 10), 30)
            await until(lambda: is_now(len({event.envelope.id for event in tailed}), sent * 10), 30)
        assert await effects.by_key() == {key: list(range(sent)) for key in range(10)}

    async def test_an_event_over_256_kib_is_refused_when_written(self, publisher: Service) -> None:
        unit = publisher.unit("test")
        largest = OutboxRow(unit.ids.new(), PAID, "k", unit.now, b"x" * 262_144)
        with pytest.raises(EventTooLarge):
            OutboxRow(unit.ids.new(), PAID, "k", unit.now, b"x" * 262_145)
        await outbox.write(await unit.raw(), [largest])
        await unit.close()

    async def test_an_event_of_256_kib_arrives_whole(self, bus: BusUnderTest, clock: ManualClock) -> None:
        one = await bus.process()
        data = b'"' + b"x" * 262_142 + b'"'
        envelope = Envelope(
            id=new_id(clock),
            source="/services/market",
            type=PAID,
            key="k",
            time=clock.now(),
            data=data,
            is_state=False,
            sequence=1,
            traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
            causation_id="cause",
            correlation_id="correlation",
        )
        await one.append([envelope])
        assert await take_all(one, GROUP, 1) == [envelope]

    async def test_a_clock_that_stands_still_or_jumps_moves_nothing(
        self, bus: BusUnderTest, publisher: Service, effects: Effects, clock: ManualClock
    ) -> None:
        one = await bus.process()
        async with running(publisher.relay(one).run(), effects.runner(one).run()):
            for day in range(5):
                await publisher.publish([paid(1, day)])
                clock.advance(timedelta(days=3))
            await until(lambda: has(effects, 5))
        assert await effects.by_key() == {1: list(range(5))}
