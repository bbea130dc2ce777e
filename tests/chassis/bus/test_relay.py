"""The relay: from the earliest unmarked row, whatever failed before."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from chassis.bus.envelope import Envelope
from chassis.clock import ManualClock
from chassis.housekeeping import keep_house
from chassis.relay import Relay
from events.market import OfferState
from tests.chassis.bus.house import Service, offered, paid, running, until


class RecordingBus:
    """Takes what it is given until it is told to fail."""

    def __init__(self) -> None:
        self.appended: list[Envelope] = []
        self.fails = False

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        if self.fails:
            raise ConnectionError("the bus is away")
        self.appended += envelopes


def relay_of(publisher: Service, bus: RecordingBus) -> Relay:
    return publisher.relay(bus)  # pyright: ignore[reportArgumentType]


async def test_what_fails_is_relayed_again_from_the_earliest_row(publisher: Service) -> None:
    bus = RecordingBus()
    relay = relay_of(publisher, bus)
    first = await publisher.publish([paid(1, 1), paid(2, 1)])
    bus.fails = True
    async with running(relay.run()):
        later = await publisher.publish([paid(1, 2)])
        bus.fails = False

        async def arrived() -> bool:
            return not await publisher.fetch("SELECT FROM outbox WHERE NOT relayed")

        await until(arrived)
    assert [envelope.id for envelope in bus.appended] == first + later
    assert await relay.relay_batch() == 0


async def test_a_row_with_a_lower_position_that_commits_late_is_relayed(publisher: Service) -> None:
    bus = RecordingBus()
    relay = relay_of(publisher, bus)
    late = publisher.unit("late")
    late_id = late.publish(paid(1, 1))
    raw = await late.raw()
    await raw.execute("SELECT nextval(pg_get_serial_sequence('outbox', 'position'))")
    await publisher.publish([paid(2, 1)])
    assert await relay.relay_batch() == 1
    await late.commit()
    await late.close()
    assert await relay.relay_batch() == 1
    assert bus.appended[-1].id == late_id


async def test_an_envelope_says_what_the_outbox_says(publisher: Service) -> None:
    bus = RecordingBus()
    state_id, fact_id = await publisher.publish([offered(1, 4), paid(1, 7)])
    await relay_of(publisher, bus).relay_batch()
    state, fact = bus.appended
    assert (state.id, fact.id) == (state_id, fact_id)
    assert (state.is_state, fact.is_state) == (True, False)
    assert (state.type, fact.type) == ("offer", "agreement.paid")
    assert state.source == fact.source == "/services/market"
    assert fact.sequence > state.sequence > 0
    assert fact.time == publisher.clock.now()
    assert fact.traceparent is not None and fact.correlation_id is not None


async def test_a_day_of_the_outbox_goes_only_when_all_of_it_is_on_the_bus(
    publisher: Service, clock: ManualClock
) -> None:
    bus = RecordingBus()
    await keep_house(publisher.settings, clock.now())
    await publisher.publish([paid(1, 1)])
    clock.advance(timedelta(days=5))
    await keep_house(publisher.settings, clock.now())
    assert await publisher.fetch("SELECT FROM outbox")
    await relay_of(publisher, bus).relay_batch()
    await keep_house(publisher.settings, clock.now())
    assert not await publisher.fetch("SELECT FROM outbox")


class HeldBus(RecordingBus):
    """Takes an append when it is let go, and may then fail although it took it."""

    def __init__(self, appended: list[Envelope]) -> None:
        super().__init__()
        self.appended = appended
        self.reached, self.let_go, self.fails_after = asyncio.Event(), asyncio.Event(), False

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        self.reached.set()
        await self.let_go.wait()
        await super().append(envelopes)
        if self.fails_after:
            self.fails_after = False
            raise ConnectionError("the answer was lost")


@pytest.mark.parametrize("answer_lost", [False, True])
async def test_a_relay_overtaken_by_another_leaves_no_older_state_as_the_last(
    publisher: Service, answer_lost: bool
) -> None:
    quick = RecordingBus()
    slow = HeldBus(quick.appended)
    slow.fails_after = answer_lost
    await publisher.publish([offered(1, 1), offered(2, 1), paid(3, 1)])
    async with running(relay_of(publisher, slow).run()):
        await slow.reached.wait()
        await relay_of(publisher, quick).relay_batch()
        await publisher.publish([offered(1, 2)])
        await publisher.publish([offered(1, 3), paid(3, 2)])
        await relay_of(publisher, quick).relay_batch()
        slow.let_go.set()

        async def newest_is_last() -> bool:
            last = {envelope.key: envelope for envelope in quick.appended if envelope.is_state}
            versions = [OfferState.model_validate_json(envelope.data).version for envelope in last.values()]
            return len(quick.appended) > 6 and sorted(versions) == [1, 3]

        await until(newest_is_last)
    assert len(quick.appended) == 3 + 3 + 3 + 1
    assert not await publisher.fetch("SELECT FROM outbox WHERE NOT relayed")


async def test_one_relay_alone_repeats_nothing(publisher: Service) -> None:
    bus = RecordingBus()
    relay = relay_of(publisher, bus)
    for version in range(1, 4):
        await publisher.publish([offered(1, version)])
        await relay.relay_batch()
    assert await relay.relay_batch() == 0
    assert len(bus.appended) == 3
