"""The kafka transport under the behaviour suite, on a real broker, and what is its own."""

from __future__ import annotations

import asyncio
import base64
import socket
from dataclasses import replace

import pytest

from chassis.bus.kafka.link import OUTAGE
from chassis.bus.kafka.restart import GroupHasReplicas
from chassis.bus.opening import transport_of
from chassis.bus.partitioning import partition_of
from chassis.bus.transport import GroupBelowLowWater, TailBelowLowWater, UnknownTailPosition
from chassis.clock import ManualClock
from chassis.ids import IdSource
from tests.chassis.bus.behaviour import BusBehaviour
from tests.chassis.bus.doubles import GROUP, PAID, next_batch, take_all
from tests.chassis.bus.envelopes import envelopes
from tests.chassis.bus.kafka.kafka_bus import KafkaBus

pytestmark = pytest.mark.slow


class TestKafkaTransport(BusBehaviour):
    """Everything that the bus promises."""


async def test_events_of_a_key_are_in_one_partition_whatever_their_type(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await one.append(envelopes(ids, clock, 40) + envelopes(ids, clock, 40, is_state=True))
    found = await bus.records()
    assert len(found) == 80
    for record in found:
        key = dict(record.headers)["ce_subject"].decode()
        assert record.partition == partition_of(key, 16)
        assert record.key == dict(record.headers)["ce_type"] + b":" + key.encode()


async def test_more_events_of_a_key_than_a_batch_holds_keep_their_order(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    largest = b'"' + b"x" * 262_142 + b'"'
    sent = [
        replace(event, key="one", data=largest, sequence=number)
        for number, event in enumerate(envelopes(ids, clock, 7))
    ]
    await one.append(sent)
    assert [event.sequence for event in await take_all(one, GROUP, 7)] == list(range(7))


async def test_a_type_that_nobody_declared_is_not_appended(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    with pytest.raises(KeyError):
        await one.append([replace(envelopes(ids, clock, 1)[0], type="unheard")])


async def test_a_forged_record_is_refused_and_those_behind_it_are_read(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    event = envelopes(ids, clock, 1)[0]
    await bus.write_raw(event, source="/services/identity")
    await bus.write_raw(event, event_type="offer")
    await one.append([event])
    assert await take_all(one, GROUP, 1) == [event]


async def test_a_group_below_the_low_water_mark_stops_until_it_is_restarted(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 20))
    assert len((await next_batch(subscription.next_batch(500, 0.5))).events) == 20
    await bus.drop_facts()
    with pytest.raises(GroupBelowLowWater) as stopped:
        await next_batch(subscription.next_batch(500, 0.01))
    assert stopped.value.group == GROUP
    assert stopped.value.position < stopped.value.low_water
    with pytest.raises(GroupBelowLowWater):  # and not once alone
        await next_batch(subscription.next_batch(500, 0.01))
    await one.restart_group(GROUP)
    fresh = envelopes(ids, clock, 3)
    await one.append(fresh)
    again = await next_batch(subscription.next_batch(500, 0.5))
    assert {event.id for event in again.events} == {event.id for event in fresh}
    await subscription.close()


async def test_a_group_that_never_read_is_below_the_mark_too_when_what_it_joined_for_is_gone(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    early = await one.consume(GROUP, {PAID})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await early.next_batch(500, 0.01)
    await early.close()
    await one.append(envelopes(ids, clock, 20))
    await bus.drop_facts()
    late = await one.consume(GROUP, {PAID})
    with pytest.raises(GroupBelowLowWater):
        await next_batch(late.next_batch(500, 0.01))
    await late.close()


async def test_a_new_group_begins_with_what_is_kept(bus: KafkaBus, ids: IdSource, clock: ManualClock) -> None:
    one = await bus.process()
    await one.append(envelopes(ids, clock, 20))
    await bus.drop_facts()
    fresh = envelopes(ids, clock, 4)
    await one.append(fresh)
    assert {event.id for event in await take_all(one, GROUP, 4)} == {event.id for event in fresh}


async def test_a_group_that_kept_up_goes_on_after_facts_are_dropped(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await one.append(envelopes(ids, clock, 20))
    await take_all(one, GROUP, 20)
    await bus.drop_facts()
    fresh = envelopes(ids, clock, 4)
    await one.append(fresh)
    assert {event.id for event in await take_all(one, GROUP, 4)} == {event.id for event in fresh}


async def test_a_stopped_group_is_restarted_from_the_beginning(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one, two = await bus.process(), await bus.process()
    sent = envelopes(ids, clock, 20)
    await one.append(sent)
    await take_all(one, GROUP, 20)
    await two.restart_group(GROUP)
    assert {event.id for event in await take_all(one, GROUP, 20)} == {event.id for event in sent}


async def test_a_group_whose_replicas_read_is_not_restarted(
    bus: KafkaBus, ids: IdSource, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.bus.kafka.restart.TRIES_SECONDS", 1.0)
    one, two = await bus.process(), await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 20))
    await subscription.commit(await next_batch(subscription.next_batch(500, 0.5)))
    with pytest.raises(GroupHasReplicas, match="stop its service"):
        await two.restart_group(GROUP)
    await subscription.close()
    await two.restart_group(GROUP)


async def test_a_replica_that_commits_late_takes_the_group_not_back(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one, two = await bus.process(), await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 20))
    early = await next_batch(subscription.next_batch(500, 0.5))
    await one.append(envelopes(ids, clock, 20))
    whole = await next_batch(subscription.next_batch(500, 0.5))
    assert len(whole.events) == 40
    await subscription.commit(whole)
    await subscription.commit(early)
    await subscription.close()
    fresh = envelopes(ids, clock, 1)
    await two.append(fresh)
    assert await take_all(two, GROUP, 1) == fresh


async def test_lag_counts_what_the_group_has_not_passed(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 60))
    first = await next_batch(subscription.next_batch(25, 0.01))
    assert subscription.lag() == 60
    assert subscription.is_connected()
    await subscription.commit(first)
    assert subscription.lag() == 60 - len(first.events)
    while subscription.lag():
        await subscription.commit(await next_batch(subscription.next_batch(500, 0.01)))
    await subscription.close()


async def test_a_tail_from_a_dropped_position_is_told_so(
    bus: KafkaBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    beginning = await one.tail_position()
    await one.append(envelopes(ids, clock, 20))
    await bus.drop_facts()
    with pytest.raises(TailBelowLowWater):
        await anext(one.tail(None, beginning))


@pytest.mark.parametrize(
    "position",
    [
        "",
        "x",
        "W10",
        "bnVsbA",
        "é" * 10,
        "A" * 70_000,
        base64.urlsafe_b64encode(b'{"market.facts":[0,1]}').decode(),
        base64.urlsafe_b64encode(b'{"market.facts":[-1]}').decode(),
        base64.urlsafe_b64encode(b'{"market.facts":[true]}').decode(),
        base64.urlsafe_b64encode(b'{"elsewhere.facts":[0]}').decode(),
        base64.urlsafe_b64encode(b'{"market.facts":7}').decode(),
    ],
)
async def test_a_text_that_is_no_position_is_refused(bus: KafkaBus, position: str) -> None:
    one = await bus.process()
    with pytest.raises(UnknownTailPosition):
        await anext(one.tail(None, position))


async def test_the_transport_opens_and_closes_although_its_cluster_is_away(
    ids: IdSource, clock: ManualClock
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        bus = transport_of(f"kafka://127.0.0.1:{nobody.getsockname()[1]}", clock, ids.new())
        await bus.open()
        with pytest.raises(OUTAGE):
            await bus.append(envelopes(ids, clock, 1))
        subscription = await bus.consume(GROUP, {PAID})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await subscription.next_batch(500, 0.01)
        assert not subscription.is_connected()
        await bus.close()
