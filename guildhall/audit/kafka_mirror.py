"""The bus on Kafka as the audit reads it: copied into tables of its own session, in the other bus' form.

The temporary tables stand before those of the bus' database, which are empty where the bus is on Kafka; so
each promise is one query, whichever bus a deployment has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from guildhall.postgres.roles import SERVICES

if TYPE_CHECKING:
    import asyncpg
    from aiokafka import AIOKafkaConsumer, TopicPartition

    from chassis.bus.kafka.link import KafkaLink

ANSWER_SECONDS_MAX = 60
_READ_AT_ONCE_MAX = 5_000
_TABLES = """
CREATE TEMP TABLE log (partition int, position bigint, event_id uuid, type text, key text, data bytea);
CREATE TEMP TABLE states (partition int, position bigint, event_id uuid, type text, key text, data bytea);
CREATE TEMP TABLE heads (partition int, position bigint);
CREATE TEMP TABLE consumer_groups (id int, name text);
CREATE TEMP TABLE group_offsets (group_id int, partition int, position bigint);
"""
_COLUMNS = ("partition", "position", "event_id", "type", "key", "data")
Row = tuple[int, int, object, str, str, bytes]


class KafkaUnreadable(Exception):
    """The cluster does not answer."""


async def mirror(connection: asyncpg.Connection, kafka_url: str) -> None:
    """Everything that the cluster holds now, and where its groups stand. Raises KafkaUnreadable."""
    from aiokafka.errors import KafkaError

    from chassis.bus.kafka.address import KafkaAddress
    from chassis.bus.kafka.link import KafkaLink, start, stop_within
    from chassis.bus.kafka.topics import Topics
    from events.catalogue import CATALOGUE

    address = KafkaAddress.read(kafka_url)
    topics = Topics(address.prefix, CATALOGUE)
    link = KafkaLink(address, topics, "guildhall-audit", look_seconds=1, session_ms=10_000)
    consumer = link.consumer(*topics.by_name)
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            await start(consumer)
            try:
                await _copy(connection, link, consumer)
            finally:
                await stop_within(consumer)
    except (KafkaError, OSError, TimeoutError) as error:
        raise KafkaUnreadable(f"Kafka at {', '.join(address.bootstrap)} does not answer: {error}") from error


async def _copy(connection: asyncpg.Connection, link: KafkaLink, consumer: AIOKafkaConsumer) -> None:
    await connection.execute(_TABLES)
    places = sorted(consumer.assignment())
    numbers = {place: number for number, place in enumerate(places)}
    ends = await consumer.end_offsets(places)
    await connection.copy_records_to_table(
        "heads", records=[(number, ends[place]) for place, number in numbers.items()]
    )
    log, states = await _read(link, consumer, numbers, ends)
    await connection.copy_records_to_table("log", records=log, columns=list(_COLUMNS))
    await connection.copy_records_to_table("states", records=states, columns=list(_COLUMNS))
    await _copy_groups(connection, link, numbers)


async def _read(
    link: KafkaLink,
    consumer: AIOKafkaConsumer,
    numbers: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> tuple[list[Row], list[Row]]:
    """All events up to the ends, and of the states the newest of each key."""
    from chassis.bus.kafka.records import from_record

    for place, begin in (await consumer.beginning_offsets(list(numbers))).items():
        consumer.seek(place, begin)
    log: list[Row] = []
    states: dict[tuple[str, str], Row] = {}
    while any([await consumer.position(place) < end for place, end in ends.items()]):
        for place, records in (await consumer.getmany(timeout_ms=500, max_records=_READ_AT_ONCE_MAX)).items():
            for record in records:
                event = from_record(link.topics.by_name[record.topic], record.headers, record.value, None)
                if event is None:
                    continue
                row = (numbers[place], record.offset, event.id, event.type, event.key, event.data)
                log.append(row)
                if event.is_state:
                    states[event.type, event.key] = row
    return log, list(states.values())


async def _copy_groups(
    connection: asyncpg.Connection, link: KafkaLink, numbers: Mapping[TopicPartition, int]
) -> None:
    """Where each service's group stands, in the partitions in which it has read."""
    from aiokafka.admin import AIOKafkaAdminClient

    administrator = AIOKafkaAdminClient(**link.client_arguments())
    await administrator.start()
    try:
        for number, service in enumerate(SERVICES):
            await connection.execute("INSERT INTO consumer_groups VALUES ($1, $2)", number, service)
            stands = await administrator.list_consumer_group_offsets(link.topics.group(service))
            await connection.copy_records_to_table(
                "group_offsets",
                records=[
                    (number, numbers[place], stand.offset)
                    for place, stand in stands.items()
                    if place in numbers and stand.offset >= 0
                ],
            )
    finally:
        await administrator.close()
