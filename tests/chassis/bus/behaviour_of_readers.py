"""Readers: groups that share, tails that all get everything, beginnings and repeats."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from chassis.bus.envelope import Envelope
from chassis.bus.transport import Batch, UnknownTailPosition
from tests.chassis.bus.doubles import (
    GROUP,
    PAID,
    BusUnderTest,
    has,
    long,
    next_batch,
    shares,
    tailing,
    take_all,
    values_by_key,
)
from tests.chassis.bus.house import Effects, Service, offered, paid, running, until


class ReaderBehaviour:
    """Consume and tail."""

    async def test_what_was_not_committed_comes_again(self, bus: BusUnderTest, publisher: Service) -> None:
        one = await bus.process()
        await publisher.publish([paid(key, key) for key in range(3)])
        await publisher.relay(one).relay_batch()
        subscription = await one.consume(GROUP, {PAID})
        first = await next_batch(subscription.next_batch(500, 0.01))
        again = await next_batch(subscription.next_batch(500, 0.01))
        assert {envelope.id for envelope in first.events} == {envelope.id for envelope in again.events}
        await subscription.close()

    async def test_a_consumer_killed_between_effect_and_offset_sees_the_event_again_and_drops_it(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one, two = await bus.process(), await bus.process()
        await publisher.publish([paid(1, 7)])
        await publisher.relay(two).relay_batch()
        runner, reached = effects.runner(one), asyncio.Event()
        subscription = await one.consume(GROUP, {PAID})

        async def never(_: Batch) -> None:
            reached.set()
            await asyncio.Event().wait()

        async def consume_and_die() -> None:
            subscription.commit = never  # pyright: ignore[reportAttributeAccessIssue]
            await runner._next(subscription)  # pyright: ignore[reportPrivateUsage]

        async with running(consume_and_die()):
            await asyncio.wait_for(reached.wait(), 10)
        await bus.kill(one)
        assert await effects.by_key() == {1: [7]}
        seen: list[Envelope] = []
        watched = await two.consume(GROUP, {PAID})
        batch = await next_batch(watched.next_batch(500, 0.01))
        seen += batch.events
        assert [envelope.type for envelope in seen] == [PAID]
        await watched.close()
        await publisher.publish([paid(1, 8)])
        async with running(publisher.relay(two).run(), effects.runner(two).run()):
            await until(lambda: has(effects, 2))
        assert await effects.by_key() == {1: [7, 8]}

    async def test_two_consumers_of_a_group_share_and_a_rebalance_loses_and_doubles_nothing(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        processes = [await bus.process() for _ in range(3)]
        replicas = [Effects(effects.service, name) for name in ("one", "two", "three")]
        keys, rounds, shared = 40, 0, asyncio.Event()

        async def act() -> None:
            nonlocal rounds
            while not shared.is_set():
                await publisher.publish([paid(key, rounds) for key in range(keys)])
                rounds += 1
                await asyncio.sleep(0.03)

        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(publisher.relay(processes[0]).run()))
            acting = asyncio.create_task(act())
            await stack.enter_async_context(running(replicas[0].runner(processes[0]).run()))
            await until(lambda: has(effects, 2 * keys))
            second = AsyncExitStack()
            await second.enter_async_context(running(replicas[1].runner(processes[1]).run()))
            await until(lambda: shares(effects, {"one", "two"}))
            await second.aclose()
            await stack.enter_async_context(running(replicas[2].runner(processes[2]).run()))
            await until(lambda: shares(effects, {"one", "two", "three"}))
            shared.set()
            await acting
            await until(lambda: has(effects, keys * rounds), 20)
        assert await effects.by_key() == {key: list(range(rounds)) for key in range(keys)}

    async def test_the_partitions_of_a_killed_replica_go_to_the_others(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one, two = await bus.process(), await bus.process()
        dead = Effects(effects.service, "dead")
        await publisher.publish([paid(key, 0) for key in range(40)])
        await publisher.relay(two).relay_batch()
        async with running(effects.runner(two).run()):
            async with running(dead.runner(one).run()):
                await until(lambda: has(effects, 40))
                await bus.kill(one)
            await publisher.publish([paid(key, 1) for key in range(40)])
            await publisher.relay(two).relay_batch()
            await until(lambda: has(effects, 80))
        assert await effects.by_key() == {key: [0, 1] for key in range(40)}

    async def test_tail_reaches_every_process_from_now_on(
        self, bus: BusUnderTest, publisher: Service
    ) -> None:
        one, two = await bus.process(), await bus.process()
        await publisher.publish([paid(0, 99)])
        await publisher.relay(one).relay_batch()
        async with tailing(one) as first, tailing(two) as second:
            await asyncio.sleep(0.3)
            for value in range(5):
                await publisher.publish([paid(key, value) for key in range(4)])
            await publisher.relay(one).relay_batch()
            await until(lambda: long(first, 20))
            await until(lambda: long(second, 20))
        for tailed in (first, second):
            found = values_by_key([event.envelope for event in tailed])
            assert sorted(found.values()) == [list(range(5))] * 4

    async def test_a_tail_goes_on_from_the_position_that_its_reader_kept(
        self, bus: BusUnderTest, publisher: Service
    ) -> None:
        one = await bus.process()
        beginning = await one.tail_position()
        for value in range(10):
            await publisher.publish([paid(key, value) for key in range(3)])
        await publisher.relay(one).relay_batch()
        async with tailing(one, after=beginning) as whole:
            await until(lambda: long(whole, 30))
        for cut in (0, 11, 28):
            async with tailing(one, after=whole[cut].position) as rest:
                await until(lambda: long(rest, 29 - cut))  # noqa: B023 - awaited within the round
            ids = [event.envelope.id for event in (*whole[: cut + 1], *rest)]
            assert sorted(ids) == sorted(event.envelope.id for event in whole)

    async def test_a_new_group_starts_from_the_beginning(self, bus: BusUnderTest, publisher: Service) -> None:
        one = await bus.process()
        await publisher.publish([paid(key, value) for value in range(3) for key in range(5)])
        await publisher.publish([offered(key, 1) for key in range(5)])
        await publisher.publish([offered(key, 2) for key in range(5)])
        await publisher.relay(one).relay_batch()
        first = await take_all(one, GROUP, 20)
        late = await take_all(one, "funding", 20)
        assert {event.id for event in late} >= {event.id for event in first if event.type == PAID}
        facts = [event for event in late if event.type == PAID]
        assert list(values_by_key(facts).values()) == [[0, 1, 2]] * 5
        newest = {event.key: event.sequence for event in late if event.type == "offer"}
        assert len(newest) == 5

    async def test_a_long_backlog_comes_in_batches_with_nothing_left_out(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        beginning = await one.tail_position()
        for value in range(0, 600, 100):
            await publisher.publish([paid(key, value + more) for more in range(100) for key in range(3)])
        while await publisher.relay(one).relay_batch():
            pass
        async with running(effects.runner(one).run()):
            await until(lambda: has(effects, 1_800))
        assert await effects.by_key() == {key: list(range(600)) for key in range(3)}
        assert sorted(values_by_key(await take_all(one, "funding", 1_800)).values()) == [list(range(600))] * 3
        async with tailing(one, beginning) as found:
            await until(lambda: long(found, 1_800))
        assert sorted(values_by_key([event.envelope for event in found]).values()) == [list(range(600))] * 3

    async def test_types_without_a_handler_are_passed_over(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        await publisher.publish([offered(key, 1) for key in range(30)])
        await publisher.publish([paid(1, 1)])
        await publisher.relay(one).relay_batch()
        subscription = await one.consume(GROUP, {PAID})
        batch = await next_batch(subscription.next_batch(500, 0.01))
        assert [envelope.type for envelope in batch.events] == [PAID]
        await subscription.close()

    async def test_positions_tell_which_reader_has_more(self, bus: BusUnderTest, publisher: Service) -> None:
        one = await bus.process()
        before = await one.tail_position()
        await publisher.publish([paid(key, key) for key in range(5)])
        await publisher.relay(one).relay_batch()
        after = await one.tail_position()
        assert one.covers(after, before)
        assert one.covers(before, before)
        assert not one.covers(before, after)
        tail, seen = one.tail({PAID}, before), before
        for _ in range(5):
            assert not one.covers(seen, after)
            seen = (await asyncio.wait_for(anext(tail), 10)).position
        assert one.covers(seen, after)
        with pytest.raises(UnknownTailPosition):
            one.covers("nonsense", after)
