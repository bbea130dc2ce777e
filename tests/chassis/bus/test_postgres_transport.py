"""The postgres transport under the behaviour suite, and what is its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import asyncpg
import pytest

from chassis.bus.postgres import keep_log, migrate_bus
from chassis.bus.transport import GroupBelowLowWater, TailBelowLowWater, UnknownTailPosition
from chassis.clock import ManualClock
from chassis.ids import IdSource
from tests.chassis.bus.behaviour import BusBehaviour
from tests.chassis.bus.doubles import GROUP, PAID, next_batch, tailing, take_all
from tests.chassis.bus.envelopes import envelopes
from tests.chassis.bus.house import running, until
from tests.chassis.bus.postgres_bus import PostgresBus

KEPT_DAYS = 14


class TestPostgresTransport(BusBehaviour):
    """Everything that the bus promises."""


@pytest.fixture
async def rows(bus: PostgresBus) -> AsyncGenerator[asyncpg.Connection]:
    """The bus' database as its superuser."""
    connection = await asyncpg.connect(bus.database.superuser_url)
    yield connection
    await connection.close()


async def keep(bus: PostgresBus, clock: ManualClock, rounds: int = 2) -> None:
    """A day is dropped in the round after its mark was passed."""
    for _ in range(rounds):
        await keep_log(bus.database.owner_url, clock, KEPT_DAYS)


async def test_positions_are_gapless_in_every_partition_however_many_append(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    processes = [await bus.process() for _ in range(3)]
    await asyncio.gather(*(processes[number % 3].append(envelopes(ids, clock, 40)) for number in range(30)))
    found = await rows.fetch(
        "SELECT count(*) AS events, max(position) AS last, count(DISTINCT position) AS positions, partition "
        "FROM log GROUP BY partition"
    )
    assert sum(row["events"] for row in found) == 1_200
    heads = dict(await rows.fetch("SELECT partition, position FROM heads"))
    for row in found:
        assert row["events"] == row["last"] == row["positions"] == heads[row["partition"]]


async def test_appends_of_opposite_orders_never_deadlock(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    one = await bus.process()
    forwards = envelopes(ids, clock, 60)
    for _ in range(10):
        await asyncio.gather(one.append(forwards), one.append(forwards[::-1]), one.append(forwards))
    assert await rows.fetchval("SELECT count(*) FROM log") == 1_800


async def test_a_late_repeat_never_replaces_a_newer_state(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    one = await bus.process()
    old = envelopes(ids, clock, 1, is_state=True)[0]
    new = old._replace(id=ids.new(), sequence=9, data=b'{"new": 1}')
    await one.append([old])
    for appended in ([new], [old], [new, old], [old, new], [old]):
        await one.append(appended)
        kept = await rows.fetch("SELECT event_id, sequence, data FROM states")
        assert [tuple(row) for row in kept] == [(new.id, 9, new.data)]


async def test_dropped_days_leave_the_newest_state_of_every_key(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    await one.append(envelopes(ids, clock, 5) + envelopes(ids, clock, 5, is_state=True))
    newest = [event._replace(sequence=90) for event in envelopes(ids, clock, 5, is_state=True)]
    await one.append(newest)
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    recent = [event._replace(sequence=95) for event in envelopes(ids, clock, 2)]
    await one.append(recent)
    assert await rows.fetchval("SELECT count(*) FROM log") == 2
    new_group = await take_all(one, "newcomer", 7)
    assert {event.id for event in new_group} == {event.id for event in newest + recent}


async def test_large_events_are_stored_as_they_are_and_states_compressed(
    bus: PostgresBus, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    await keep(bus, clock)
    stored = await rows.fetch(
        "SELECT c.relname = 'states' AS is_state, array_agg(DISTINCT a.attstorage::text) AS ways "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'data' "
        "WHERE c.relname = 'states' OR c.relname LIKE 'log%' AND c.relkind IN ('r', 'p') GROUP BY 1"
    )
    assert {row["is_state"]: row["ways"] for row in stored} == {False: ["e"], True: ["x"]}


async def test_a_day_is_dropped_only_a_round_after_its_mark(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    await one.append(envelopes(ids, clock, 3))
    day = clock.now().date()
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    assert day not in await keep_log(bus.database.owner_url, clock, KEPT_DAYS)
    assert await rows.fetchval("SELECT sum(low_water) FROM heads") == 3
    assert day in await keep_log(bus.database.owner_url, clock, KEPT_DAYS)


async def test_events_of_a_day_that_nobody_made_are_kept_and_dropped_all_the_same(
    bus: PostgresBus, ids: IdSource, clock: ManualClock, rows: asyncpg.Connection
) -> None:
    one = await bus.process()
    await one.append(envelopes(ids, clock, 3))
    assert await rows.fetchval("SELECT count(*) FROM log_default") == 3
    await keep(bus, clock)
    assert len(await take_all(one, GROUP, 3)) == 3
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    assert await rows.fetchval("SELECT count(*) FROM log") == 0


async def test_a_group_below_the_low_water_mark_stops_until_it_is_restarted(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 20))
    batch = await next_batch(subscription.next_batch(500, 0.01))
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    with pytest.raises(GroupBelowLowWater) as stopped:
        await next_batch(subscription.next_batch(500, 0.01))
    assert stopped.value.group == GROUP
    assert len(batch.events) == 20
    await one.restart_group(GROUP)
    fresh = envelopes(ids, clock, 3)
    await one.append(fresh)
    again = await next_batch(subscription.next_batch(500, 0.01))
    assert {event.id for event in again.events} == {event.id for event in fresh}
    await subscription.close()


async def test_a_group_of_states_alone_loses_nothing_below_the_mark(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    subscription = await one.consume(GROUP, {"offer"})
    states = envelopes(ids, clock, 20, is_state=True)
    await one.append(states)
    await next_batch(subscription.next_batch(500, 0.01))
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    batch = await next_batch(subscription.next_batch(500, 0.01))
    assert {event.id for event in batch.events} == {event.id for event in states}
    await subscription.close()


async def test_a_group_that_kept_up_goes_on_after_days_are_dropped(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    await one.append(envelopes(ids, clock, 20))
    await take_all(one, GROUP, 20)
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    fresh = envelopes(ids, clock, 4)
    await one.append(fresh)
    assert {event.id for event in await take_all(one, GROUP, 4)} == {event.id for event in fresh}


async def test_a_restart_is_not_undone_by_the_batch_that_was_under_way(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    consuming, operator = await bus.process(), await bus.process()
    subscription = await consuming.consume(GROUP, {PAID})
    sent = envelopes(ids, clock, 40)
    await consuming.append(sent)
    await subscription.commit(await next_batch(subscription.next_batch(500, 0.01)))
    sent += (later := envelopes(ids, clock, 40))
    await consuming.append(later)
    under_way = await next_batch(subscription.next_batch(500, 0.01))
    assert len(under_way.events) == 40
    await operator.restart_group(GROUP)
    await subscription.commit(under_way)
    again = await next_batch(subscription.next_batch(500, 0.01))
    assert {event.id for event in again.events} == {event.id for event in sent}
    await subscription.close()


async def test_a_replica_that_commits_late_takes_the_group_not_back(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    one, two = await bus.process(), await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    await one.append(envelopes(ids, clock, 20))
    early = await next_batch(subscription.next_batch(500, 0.01))
    await one.append(envelopes(ids, clock, 20))
    await subscription.commit(await next_batch(subscription.next_batch(500, 0.01)))
    await subscription.commit(early)
    await subscription.close()
    fresh = envelopes(ids, clock, 1)
    await two.append(fresh)
    assert await take_all(two, GROUP, 1) == fresh


async def test_a_tail_from_a_dropped_position_is_told_so(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    one = await bus.process()
    await keep(bus, clock)
    beginning = await one.tail_position()
    await one.append(envelopes(ids, clock, 20))
    clock.advance(timedelta(days=KEPT_DAYS + 1))
    await keep(bus, clock)
    with pytest.raises(TailBelowLowWater):
        await anext(one.tail(None, beginning))


@pytest.mark.parametrize("text", ["", "x", "W10", "WzFd", "bnVsbA", "é" * 10, "A" * 500])
async def test_a_text_that_is_no_position_is_refused(bus: PostgresBus, text: str) -> None:
    one = await bus.process()
    with pytest.raises(UnknownTailPosition):
        await anext(one.tail(None, text))


async def test_a_reader_in_another_process_is_woken_and_does_not_wait_for_its_look(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    writer, reader = await bus.process(), await bus.process(look_ms=60_000)
    async with tailing(reader) as found:
        await asyncio.sleep(0.3)
        for count in range(1, 6):
            await writer.append(envelopes(ids, clock, 1))
            await until(lambda: _reached(found, count), within_seconds=2)  # noqa: B023
            await asyncio.sleep(0.05)


async def test_a_burst_of_appends_sends_few_notifications(
    bus: PostgresBus, ids: IdSource, clock: ManualClock
) -> None:
    writer, heard = await bus.process(), list[object]()
    listener = await asyncpg.connect(bus.database.url)
    await listener.add_listener("bus", lambda *told: heard.append(told))
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(100):
        await writer.append(envelopes(ids, clock, 1))
    await asyncio.sleep(0.1)
    assert 1 <= len(heard) <= (loop.time() - began) / 0.01 + 2
    await listener.close()


async def test_the_second_consumer_of_a_group_in_one_process_is_refused(bus: PostgresBus) -> None:
    one = await bus.process()
    subscription = await one.consume(GROUP, {PAID})
    with pytest.raises(ValueError, match="twice in one process"):
        await one.consume(GROUP, {PAID})
    await subscription.close()
    await (await one.consume(GROUP, {PAID})).close()


async def test_five_replicas_share_sixteen_partitions_evenly(
    bus: PostgresBus, rows: asyncpg.Connection
) -> None:
    subscriptions = [await (await bus.process()).consume(GROUP, {PAID}) for _ in range(5)]
    async with running(*(subscription.next_batch(500, 0.01) for subscription in subscriptions)):  # pyright: ignore[reportArgumentType]

        async def is_even() -> bool:
            return await _shares(rows) == [3, 3, 3, 3, 4]

        await until(is_even)
    for subscription in subscriptions:
        await subscription.close()


async def test_the_runtime_role_cannot_change_what_is_written(bus: PostgresBus) -> None:
    connection = await asyncpg.connect(bus.database.url)
    for statement in (
        "UPDATE log SET data = ''",
        "DELETE FROM log",
        "TRUNCATE log",
        "DELETE FROM states",
        "DELETE FROM group_offsets",
        "UPDATE consumer_groups SET name = 'x'",
        "DROP TABLE log_default",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_migrating_again_changes_nothing(bus: PostgresBus, rows: asyncpg.Connection) -> None:
    await asyncio.gather(*(migrate_bus(bus.database.owner_url) for _ in range(3)))
    assert await rows.fetchval("SELECT array_agg(version) FROM bus_version") == [1, 2]


async def _reached(found: Sequence[object], count: int) -> bool:
    return len(found) >= count


_LEASES = """
SELECT count(*) AS partitions FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND objid::bigint > 0
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY pid
"""


async def _shares(rows: asyncpg.Connection) -> list[int]:
    return sorted(row["partitions"] for row in await rows.fetch(_LEASES))
