"""The consumer runner: one transaction a batch, one by one on failure, outages outlasted."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from chassis.bus.transport import GroupBelowLowWater
from chassis.clock import ManualClock
from chassis.consumers import Consumers
from chassis.ids import IdSource
from chassis.inbox import ConsumerRunner, inbox_day, met_events, parked_events
from chassis.peers import PeerUnavailable
from chassis.telemetry.trace import trace_now
from chassis.unit_of_work import UnitOfWork
from events.market import AgreementPaid, OfferState
from tests.chassis.bus.house import Effects, Service, offered, paid, running, until
from tests.chassis.bus.postgres_bus import PostgresBus


def runner_of(effects: Effects, consumers: Consumers, bus: object) -> ConsumerRunner:
    return ConsumerRunner(consumers, bus, effects.service.unit, effects.service.settings)  # pyright: ignore[reportArgumentType]


async def test_neighbours_come_to_a_handler_of_many_at_once_and_in_order(
    bus: PostgresBus, publisher: Service, effects: Effects
) -> None:
    one = await bus.process()
    seen: list[list[int]] = []
    consumers = Consumers("ledger")

    @consumers.on_many(AgreementPaid)
    async def keep(unit: UnitOfWork, events: Sequence[AgreementPaid]) -> None:
        seen.append([event.paid_minor for event in events])

    await publisher.publish([paid(1, value) for value in range(200)])
    await publisher.relay(one).relay_batch()

    async def all_seen() -> bool:
        return sum(map(len, seen)) == 200

    async with running(runner_of(effects, consumers, one).run()):
        await until(all_seen)
    assert [value for chunk in seen for value in chunk] == list(range(200))
    assert len(seen) <= 2


async def test_an_outage_in_a_handler_is_waited_out_and_counts_as_no_try(
    bus: PostgresBus, publisher: Service, effects: Effects
) -> None:
    one = await bus.process()
    attempts = 0
    consumers = Consumers("ledger")

    @consumers.on(AgreementPaid)
    async def ask(unit: UnitOfWork, event: AgreementPaid) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 9:
            raise PeerUnavailable("identity", "status 503")

    [event_id] = await publisher.publish([paid(1, 1)])
    await publisher.relay(one).relay_batch()
    runner = runner_of(effects, consumers, one)

    async def consumed() -> bool:
        return await _consumed(effects, [event_id]) == {event_id}

    # The pauses double, so that nine attempts would take seconds.
    async with running(runner.run()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("chassis.inbox.runner.OUTAGE_RETRY_MAX_SECONDS", 0.05)
            await until(consumed)
    assert attempts == 9
    assert await parked_events(effects.service.unit, "ledger") == []
    assert runner.status.waiting_for is None


async def test_a_batch_that_publishes_on_too_many_keys_is_consumed_one_by_one(
    bus: PostgresBus, publisher: Service, effects: Effects
) -> None:
    one = await bus.process()
    consumers = Consumers("ledger")

    @consumers.on(OfferState)
    async def answer(unit: UnitOfWork, event: OfferState) -> None:
        for number in range(60):
            unit.publish(paid(event.offer_id.int * 1_000 + number, event.version))

    await publisher.publish([offered(key, 1) for key in range(20)])
    await publisher.relay(one).relay_batch()

    async def answered() -> bool:
        return (await effects.service.fetch("SELECT count(*) AS n FROM outbox"))[0]["n"] == 1_200

    async with running(runner_of(effects, consumers, one).run()):
        await until(answered)
    rows = await effects.service.fetch("SELECT causation_id, count(*) AS n FROM outbox GROUP BY causation_id")
    assert [row["n"] for row in rows] == [60] * 20


async def test_a_handler_works_within_the_chain_of_causes_of_its_event(
    bus: PostgresBus, publisher: Service, effects: Effects
) -> None:
    one = await bus.process()
    seen: list[tuple[str | None, str]] = []
    consumers = Consumers("ledger")

    @consumers.on(AgreementPaid)
    async def note(unit: UnitOfWork, event: AgreementPaid) -> None:
        seen.append((trace_now().causation_id, trace_now().correlation_id))

    published = await publisher.publish([paid(1, 1), paid(1, 2)])
    await publisher.relay(one).relay_batch()

    async def both() -> bool:
        return len(seen) == 2

    async with running(runner_of(effects, consumers, one).run()):
        await until(both)
    assert [causation for causation, _ in seen] == [str(event_id) for event_id in published]
    assert len({correlation for _, correlation in seen}) == 1


async def test_what_cannot_be_read_is_parked_with_the_reason(
    bus: PostgresBus, publisher: Service, effects: Effects
) -> None:
    one = await bus.process()
    [bad_id] = await publisher.publish([paid(1, 1)])
    async with publisher.unit("test") as unit:
        await (await unit.raw()).execute("UPDATE outbox SET data = '{\"union_id\": 7'::bytea")
    await publisher.publish([paid(1, 2), paid(2, 1)])
    await publisher.relay(one).relay_batch()
    runner = effects.runner(one)

    async def parked() -> bool:
        return runner.status.parked_count == 2

    async with running(runner.run()):
        await until(parked)
    first, second = await parked_events(effects.service.unit, "ledger")
    assert (first.event_id, first.tries_count) == (bad_id, 5)
    assert first.error.startswith("ValidationError")
    assert second.tries_count == 0
    assert await effects.by_key() == {2: [1]}
    assert await _consumed(effects, [first.event_id, second.event_id]) == set()


async def test_a_group_that_is_stopped_makes_its_service_unready(effects: Effects) -> None:
    class Stopped:
        async def consume(self, *_: object) -> "Stopped":
            return self

        async def next_batch(self, *_: object) -> None:
            raise GroupBelowLowWater("ledger", 3, 10, 90)

        async def close(self) -> None:
            return

    runner = runner_of(effects, effects.consumers(), Stopped())
    assert runner.faults() == []

    async def told() -> bool:
        return runner.faults() != []

    async with running(runner.run()):
        await until(told)
    assert "group ledger stands at 10 in partition 3, but facts up to 90 are gone" in runner.faults()[0]


def test_two_handlers_of_one_type_are_refused() -> None:
    consumers = Consumers("ledger")

    async def keep(unit: UnitOfWork, event: AgreementPaid) -> None: ...

    consumers.on(AgreementPaid)(keep)
    with pytest.raises(ValueError, match="two handlers"):
        consumers.on(AgreementPaid)(keep)
    assert consumers.types == {"agreement.paid"}


def test_a_repeat_is_looked_for_under_the_day_of_the_events_id(clock: ManualClock) -> None:
    assert inbox_day(IdSource(clock).new()) == clock.now().date()
    assert inbox_day(UUID("6ba7b810-9dad-51d1-80b4-00c04fd430c8")).year == 1970


async def _consumed(effects: Effects, event_ids: list[UUID]) -> set[UUID]:
    met = await met_events(effects.service.database.hot_reads(), event_ids)
    return {event_id for event_id, had_effect in met.items() if had_effect}
