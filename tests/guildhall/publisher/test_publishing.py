"""The publisher on a real broker: what is public and nothing else, in order, nothing lost."""

import asyncio
from uuid import UUID

import httpx
import pytest
from aiokafka.errors import KafkaConnectionError

from chassis.bus.kafka.writer import Writer
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events.visibility import NAMES_SHOWN, OUTSIDE_TYPES
from guildhall.kafka.administration import administrator
from guildhall.publisher import PUBLISHER
from guildhall.publisher.app import published
from guildhall.publisher.settings import PublisherSettings
from guildhall.publisher.topics import topic_of
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from tests.guildhall.publisher.house import Bus, Identity, publisher, until_ready
from tests.support.kafka import KafkaOfSession

slow = pytest.mark.slow
ALL_PUBLIC = {shown.parameter: "public" for shown in NAMES_SHOWN.values()}


@pytest.fixture
def bus(house: KafkaOfSession, clock: ManualClock, ids: IdSource) -> Bus:
    return Bus(house, clock, ids)


@pytest.fixture
def union_id(ids: IdSource) -> UUID:
    return ids.new()


@slow
async def test_what_is_public_is_published_in_order_as_cloud_events(bus: Bus, union_id: UUID) -> None:
    versions = [bus.event("union", union_id, version=version) for version in range(1, 21)]
    async with publisher(bus, Identity()) as client:
        await bus.append(*versions)
        records = await bus.public(union_id, 20)
        await until_ready(client)
        assert "guildhall_group_lag_events" in (await _figures(client))
    headers = [dict(record.headers) for record in records]
    assert [one["ce_id"].decode() for one in headers] == [str(event.id) for event in versions]
    assert {record.key for record in records} == {str(union_id).encode()}
    assert [record.value for record in records] == [event.data for event in versions]
    assert {one["ce_type"] for one in headers} == {b"union"}
    assert {one["ce_dataschema"] for one in headers} == {b"/schemas/union.json"}


async def _figures(client: httpx.AsyncClient) -> str:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


@slow
async def test_what_a_charter_hides_or_no_outsider_sees_is_not_published(bus: Bus, union_id: UUID) -> None:
    hidden = [bus.event(event_type, union_id) for event_type in sorted(NAMES_SHOWN)]
    never = [bus.event(event_type, union_id) for event_type in ("offer", "agreement.paid", "project", "run")]
    last = bus.event("union", union_id)
    for word in ("members", "leaders", "nobody", "of a later release"):
        identity = Identity({union_id: dict.fromkeys(ALL_PUBLIC, word)})
        async with publisher(bus, identity) as client:
            await bus.append(*hidden, *never)
            await _settled(bus, client)
            assert identity.asked_count > 0
    async with publisher(bus, Identity()):
        await bus.append(last)
        assert await bus.ids_of(union_id, 1) == [str(last.id)]


async def _settled(bus: Bus, client: httpx.AsyncClient) -> None:
    """The publisher has passed on what was appended before: an event of every topic came through after it."""
    await until_ready(client)
    other = bus.ids.new()
    await bus.append(bus.event("union", other), bus.event("asset.issued", other))
    await bus.public(other, 2)
    async with asyncio.timeout(30):
        while 'group="publisher"} 0.0' not in await _figures(client):
            await bus.append(bus.event("union", other))
            await asyncio.sleep(0.2)


@slow
async def test_what_a_charter_opens_is_published_and_no_longer_once_it_hides_it(
    bus: Bus, union_id: UUID
) -> None:
    identity = Identity({union_id: ALL_PUBLIC})
    shown = [bus.event(event_type, union_id) for event_type in sorted(OUTSIDE_TYPES)]
    async with publisher(bus, identity) as client:
        await bus.append(*shown)
        assert set(await bus.ids_of(union_id, len(shown))) == {str(event.id) for event in shown}
        identity.parameters[union_id] = ALL_PUBLIC | {"visibility_members": "members"}
        await bus.append(bus.event("membership", union_id))
        await _settled(bus, client)
        await bus.append(last := bus.event("union", union_id))
        found = await bus.ids_of(union_id, len(shown) + 1)
    assert set(found) == {str(event.id) for event in (*shown, last)}


@slow
async def test_nothing_is_shown_and_nothing_lost_while_identity_is_away(bus: Bus, union_id: UUID) -> None:
    identity = Identity({union_id: ALL_PUBLIC}, status=503)
    first, second = bus.event("membership", union_id, version=1), bus.event("membership", union_id, version=2)
    async with publisher(bus, identity) as client:
        await bus.append(first, second)
        said = await until_ready(client, 503)
        async with asyncio.timeout(30):
            while "identity" not in str(said["faults"]):
                said = await until_ready(client, 503)
                await asyncio.sleep(0.05)
        assert topic_of("guildhall", union_id) not in _topics(bus)
        identity.status = 200
        assert await bus.ids_of(union_id, 2) == [str(first.id), str(second.id)]
        await until_ready(client)


def _topics(bus: Bus) -> set[str]:
    return set(administrator(bus.house.address()).list_topics(timeout=10).topics)


@slow
async def test_a_write_that_fails_is_repeated_before_anything_counts_as_read(
    bus: Bus, union_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = asyncio.Event()

    async def fail(*_: object) -> None:
        failing.set()
        raise KafkaConnectionError("away")

    event = bus.event("union", union_id)
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "write", fail)
        async with publisher(bus, Identity()):
            await bus.append(event)
            await asyncio.wait_for(failing.wait(), 30)
    async with publisher(bus, Identity()):  # another process: only the group's offsets are left of the first
        assert await bus.ids_of(union_id, 1) == [str(event.id)]


@slow
async def test_what_was_published_is_not_published_again_by_the_next_process(
    bus: Bus, union_id: UUID
) -> None:
    first, second = bus.event("union", union_id, version=1), bus.event("union", union_id, version=2)
    async with publisher(bus, Identity()) as client:
        await bus.append(first)
        await bus.ids_of(union_id, 1)
        await _settled(bus, client)
    async with publisher(bus, Identity()):
        await bus.append(second)
        assert await bus.ids_of(union_id, 2) == [str(first.id), str(second.id)]


@slow
async def test_beyond_the_number_of_topics_a_union_is_published_once_it_has_one(
    bus: Bus, union_id: UUID
) -> None:
    from guildhall.publisher.topics import make_topic

    unread, read = bus.event("union", union_id, version=1), bus.event("union", union_id, version=2)
    other = bus.ids.new()
    operator = administrator(bus.house.address())
    assert make_topic(operator, topic_of("guildhall", other), 14)
    assert not make_topic(operator, topic_of("guildhall", other), 14)
    async with publisher(bus, Identity(), topics_max_count=0):
        await bus.append(unread, after := bus.event("union", other))
        assert await bus.ids_of(other, 1) == [str(after.id)]
        assert topic_of("guildhall", union_id) not in _topics(bus)
        make_topic(operator, topic_of("guildhall", union_id), 14)
        await asyncio.sleep(1.1)  # it looks once a second
        await bus.append(read)
        found = await bus.ids_of(union_id, 1)
    assert found[-1] == str(read.id)


async def test_a_bus_without_kafka_has_no_publisher(ids: IdSource) -> None:
    for url, said in (
        ("postgresql://x@y/z", "needs a bus on Kafka"),
        ("kafka://nowhere", "without its port"),
    ):
        settings = read_settings(PublisherSettings, None, bus_url=url)
        with pytest.raises(StartRefused, match=said):
            async with published(settings, 14, Identity(), ids.new()):
                pass


@slow
async def test_the_publisher_reads_no_public_topic_and_has_no_other_group(bus: Bus, union_id: UUID) -> None:
    from tests.support.kafka_rights import may_join, may_read

    async with publisher(bus, Identity()):
        await bus.append(bus.event("union", union_id))
        await bus.public(union_id, 1)
    as_publisher = bus.house.address(PUBLISHER)
    assert not await may_read(as_publisher, topic_of("guildhall", union_id))
    assert not await may_join(as_publisher, "guildhall.market")
