"""Order: events of a key come as they were committed, whoever overtakes, dies or works beside."""

from __future__ import annotations

import asyncio

import pytest

from chassis import outbox
from events.market import AgreementPaid
from tests.chassis.bus.doubles import (
    BusUnderTest,
    DiesAfterAppend,
    Killed,
    Slow,
    has,
    outbox_row,
    take_all,
)
from tests.chassis.bus.house import Effects, Service, paid, running, until


class OrderBehaviour:
    """From the outbox to the effects."""

    async def test_events_of_a_key_arrive_in_the_order_of_their_commits(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        async with running(publisher.relay(one).run(), effects.runner(one).run()):

            async def act(key: int) -> None:
                for value in range(20):
                    await publisher.publish([paid(key, value), paid(key, 1_000 + value)])

            await asyncio.gather(*(act(key) for key in range(8)))
            await until(lambda: has(effects, 8 * 40))
        expected = [value for pair in range(20) for value in (pair, 1_000 + pair)]
        assert await effects.by_key() == dict.fromkeys(range(8), expected)

    async def test_a_later_transaction_that_overtakes_on_an_aggregate_comes_first(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        a, b = publisher.unit("a"), publisher.unit("b")
        # A has its transaction id first: it writes its idempotency row before it comes to the aggregate.
        await (await a.raw()).execute(
            "INSERT INTO idempotency_keys (created_on, scope, request_digest, status, headers, body, "
            "created_at) VALUES ($1, 'a', 'a', 200, '[]', '', $2)",
            a.now.date(),
            a.now,
        )
        await (await b.raw()).execute("INSERT INTO effects (key, value, replica) VALUES (1, 1, 'aggregate')")
        b.publish(paid(1, 1))
        await b.commit()
        await b.close()
        await (await a.raw()).execute("UPDATE effects SET value = 2 WHERE key = 1")
        a.publish(paid(1, 2))
        await a.commit()
        await a.close()
        async with running(publisher.relay(one).run(), effects.runner(one).run()):
            await until(lambda: has(effects, 2))
        assert await effects.by_key() == {1: [1, 2]}

    async def test_a_position_is_drawn_only_when_earlier_events_of_the_key_are_committed(
        self, publisher: Service
    ) -> None:
        a, b = publisher.unit("a"), publisher.unit("b")
        raw_a = await a.raw()
        await outbox.write(raw_a, [outbox_row(publisher, 1, 1)])
        b.publish(paid(1, 2))
        late = asyncio.create_task(b.commit())
        await asyncio.sleep(0.1)
        assert not late.done()
        await a.commit()
        await late
        await a.close()
        await b.close()
        rows = await publisher.fetch("SELECT data FROM outbox ORDER BY position")
        assert [AgreementPaid.model_validate_json(row["data"]).paid_minor for row in rows] == [1, 2]

    async def test_a_transaction_left_open_delays_no_other_service(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        await self._left_open(bus, publisher, effects, open_seconds=1.0)

    @pytest.mark.slow
    async def test_a_transaction_left_open_for_a_minute_delays_no_other_service(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        await self._left_open(bus, publisher, effects, open_seconds=55.0)

    async def _left_open(
        self, bus: BusUnderTest, publisher: Service, effects: Effects, open_seconds: float
    ) -> None:
        """Neither one in another service's database nor one of ours that has drawn its position."""
        one = await bus.process()
        loop = asyncio.get_running_loop()
        elsewhere, here = effects.service.unit("elsewhere"), publisher.unit("here")
        await (await elsewhere.raw()).execute(
            "INSERT INTO effects (key, value, replica) VALUES (9, 9, 'open')"
        )
        await outbox.write(await here.raw(), [outbox_row(publisher, 1, 0)])
        sent = 0
        slowest = 0.0
        async with running(publisher.relay(one).run(), effects.runner(one).run()):
            end = loop.time() + open_seconds
            while loop.time() < end:
                began = loop.time()
                sent += 1
                await publisher.publish([paid(2, sent)])
                await until(lambda: has(effects, sent))  # noqa: B023 - awaited within the round
                slowest = max(slowest, loop.time() - began)
                await asyncio.sleep(0.1)
            await elsewhere.close()
            await here.commit()
            await here.close()
            await until(lambda: has(effects, sent + 1))
        assert await effects.by_key() == {1: [0], 2: list(range(1, sent + 1))}
        assert slowest < 1.0

    async def test_a_relay_killed_between_append_and_mark_repeats(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one = await bus.process()
        await publisher.publish([paid(key, value) for value in range(5) for key in range(4)])
        with pytest.raises(Killed):
            await publisher.relay(DiesAfterAppend(one)).relay_batch()  # pyright: ignore[reportArgumentType]
        assert await publisher.relay(one).relay_batch() == 20
        assert len(await take_all(one, "funding", 40)) == 40
        async with running(effects.runner(one).run()):
            await until(lambda: has(effects, 20))
            await publisher.publish([paid(0, 5)])
            await publisher.relay(one).relay_batch()
            await until(lambda: has(effects, 21))
        assert await effects.by_key() == {0: list(range(6))} | {key: list(range(5)) for key in (1, 2, 3)}

    async def test_two_relays_at_once_keep_the_order_of_every_key(
        self, bus: BusUnderTest, publisher: Service, effects: Effects
    ) -> None:
        one, two = await bus.process(), await bus.process()
        relays = [publisher.relay(Slow(bus, seed)) for seed, bus in enumerate((one, two))]  # pyright: ignore[reportArgumentType]
        async with running(*(relay.run() for relay in relays), effects.runner(one).run()):

            async def act(key: int) -> None:
                for value in range(25):
                    await publisher.publish([paid(key, value)])
                    relays[value % 2].wake()
                    await asyncio.sleep(0.01)

            await asyncio.gather(*(act(key) for key in range(8)))
            await until(lambda: has(effects, 200))
        assert await effects.by_key() == {key: list(range(25)) for key in range(8)}
