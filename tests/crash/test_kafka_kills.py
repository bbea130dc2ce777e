"""Brokers that stop, are killed, and hand over their partitions, in the middle of acts that publish."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass

import pytest

from chassis.bus.metrics import group_lag_events
from chassis.clock import ManualClock
from guildhall.kafka.administration import administrator
from tests.chassis.bus.conftest import (
    consumer_database,
    effects,
    ledger_database,
    market_database,
    no_versions,
    publisher,
    publisher_database,
)
from tests.chassis.bus.doubles import GROUP, has
from tests.chassis.bus.house import Effects, Service, paid, running, until
from tests.chassis.bus.kafka.kafka_bus import KafkaBus
from tests.support.kafka import KafkaOfSession, kafka_or_skip

__all__ = [
    "consumer_database",
    "effects",
    "ledger_database",
    "market_database",
    "no_versions",
    "publisher",
    "publisher_database",
]
pytestmark = pytest.mark.slow
KEYS = 10
AFTERWARDS_SECONDS = 60.0
Disturb = Callable[[], Awaitable[None]]


@pytest.fixture
async def bus(kafka: KafkaOfSession, clock: ManualClock) -> AsyncGenerator[KafkaBus]:
    made = KafkaBus(kafka, await kafka.fresh(), clock)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def three_brokers() -> Generator[KafkaOfSession]:
    made = kafka_or_skip(3)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def replicated_bus(three_brokers: KafkaOfSession, clock: ManualClock) -> AsyncGenerator[KafkaBus]:
    made = KafkaBus(three_brokers, await three_brokers.fresh(), clock)
    yield made
    await made.close()


@dataclass(slots=True)
class Acts:
    """Acts that go on publishing; `lags` are the group's in the metrics, as they were seen."""

    publisher: Service
    effects: Effects
    sent: int = 0
    going: bool = True
    lags: tuple[float, ...] = ()

    async def act(self) -> None:
        while self.going:
            await self.publisher.publish([paid(key, self.sent) for key in range(KEYS)])
            self.sent += 1
            await asyncio.sleep(0.05)

    async def all_arrive(self) -> None:
        """As long as more arrive; what stands still for so long is lost."""
        arrived = -1
        while arrived < self.sent * KEYS:
            before, arrived = arrived, await self.effects.count()
            if arrived == before:
                unmarked = await self.publisher.fetch("SELECT FROM outbox WHERE NOT relayed")
                raise AssertionError(
                    f"{arrived} of {self.sent * KEYS} arrived, {len(unmarked)} wait in the outbox, "
                    f"lag {lag_in_the_metrics()}"
                )
            if arrived < self.sent * KEYS:
                deadline = time.monotonic() + AFTERWARDS_SECONDS
                while await self.effects.count() == arrived and time.monotonic() < deadline:
                    await asyncio.sleep(0.1)

    async def watch_lag(self) -> None:
        while True:
            lag = lag_in_the_metrics()
            if self.lags[-1:] != (lag,):
                self.lags = (*self.lags[-5_000:], lag)
            await asyncio.sleep(0.002)


def lag_in_the_metrics() -> float:
    return group_lag_events.labels(GROUP)._value.get()  # pyright: ignore[reportPrivateUsage]


async def nothing_is_lost_or_doubled(
    bus: KafkaBus, publisher: Service, effects: Effects, disturb: Disturb
) -> None:
    one, two = await bus.process(), await bus.process()
    acts = Acts(publisher, effects)
    async with running(publisher.relay(one).run(), effects.runner(two).run(), acts.watch_lag()):
        acting = asyncio.create_task(acts.act())
        await until(lambda: has(effects, 2 * KEYS), 30)
        await disturb()
        after = acts.sent
        await asyncio.sleep(1)
        acts.going = False
        await acting
        assert acts.sent > after > 0
        await acts.all_arrive()

        async def passed() -> bool:
            return lag_in_the_metrics() == 0

        await until(passed, AFTERWARDS_SECONDS)
    assert await effects.by_key() == {key: list(range(acts.sent)) for key in range(KEYS)}
    assert max(acts.lags) >= KEYS


async def test_a_broker_stopped_for_a_minute(
    bus: KafkaBus, kafka: KafkaOfSession, publisher: Service, effects: Effects
) -> None:
    async def stop_for_a_minute() -> None:
        await asyncio.to_thread(kafka.brokers[0].stop, 30)
        await asyncio.sleep(60)
        await asyncio.to_thread(kafka.kafka.restart)

    await nothing_is_lost_or_doubled(bus, publisher, effects, stop_for_a_minute)


async def test_a_broker_killed_and_started_again_three_times(
    bus: KafkaBus, kafka: KafkaOfSession, publisher: Service, effects: Effects
) -> None:
    async def kill() -> None:
        for _ in range(3):
            await asyncio.to_thread(kafka.brokers[0].kill)
            await asyncio.to_thread(kafka.kafka.restart)
            await asyncio.sleep(0.5)

    await nothing_is_lost_or_doubled(bus, publisher, effects, kill)


async def test_leaders_moved_by_a_killed_broker_and_back(
    replicated_bus: KafkaBus, three_brokers: KafkaOfSession, publisher: Service, effects: Effects
) -> None:
    topic = replicated_bus.topics.of("agreement.paid").name
    client = administrator(three_brokers.address())

    def leaders() -> set[int]:
        partitions = client.list_topics(topic, timeout=10).topics[topic].partitions
        return {partition.leader for partition in partitions.values()}

    async def move() -> None:
        assert leaders() == {1, 2, 3}
        process_id = three_brokers.brokers[0].process_id
        assert process_id is not None
        os.kill(process_id, signal.SIGKILL)

        async def moved() -> bool:
            return await asyncio.to_thread(leaders) == {2, 3}

        await until(moved, 60)
        before = await effects.count()
        await until(lambda: has(effects, before + 5 * KEYS), 60)  # two of three are enough
        await asyncio.to_thread(three_brokers.kafka.restart)

    await nothing_is_lost_or_doubled(replicated_bus, publisher, effects, move)


async def test_leaders_handed_over_by_a_broker_that_stops(
    replicated_bus: KafkaBus, three_brokers: KafkaOfSession, publisher: Service, effects: Effects
) -> None:
    async def roll() -> None:
        for index in range(3):
            await asyncio.to_thread(three_brokers.brokers[index].stop, 30)
            await asyncio.to_thread(three_brokers.kafka.restart, index)

    await nothing_is_lost_or_doubled(replicated_bus, publisher, effects, roll)
