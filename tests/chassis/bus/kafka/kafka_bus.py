"""The kafka transport as the behaviour suite sees it: many processes, and a broker that can go away."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from confluent_kafka import OFFSET_END, TopicPartition

from chassis.bus.envelope import Envelope
from chassis.bus.kafka import KafkaAddress, KafkaTransport
from chassis.bus.kafka.records import to_record
from chassis.bus.kafka.topics import Topics
from chassis.bus.partitioning import partition_of
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.ids import IdSource
from guildhall.kafka.administration import administrator
from tests.support.kafka import GROUP_SESSION_MS, SMALL_CATALOGUE, KafkaOfSession


class KafkaBus:
    """The topics of one test. `process()` is a process' transport, with connections of its own."""

    def __init__(self, kafka: KafkaOfSession, address: KafkaAddress, clock: Clock) -> None:
        self.kafka = kafka
        self.address = address
        self.topics = Topics(address.prefix, SMALL_CATALOGUE)
        self._ids = IdSource(clock)
        self._opened: list[KafkaTransport] = []

    async def process(self, look_ms: int = 500) -> KafkaTransport:
        transport = KafkaTransport(
            self.address,
            self._ids.new(),
            look_ms=look_ms,
            session_ms=GROUP_SESSION_MS,
            catalogue=SMALL_CATALOGUE,
        )
        await transport.open()
        self._opened.append(transport)
        return transport

    async def kill(self, transport: Transport) -> None:
        """Its sockets end, and none is opened again: no word of farewell reaches the group."""
        assert isinstance(transport, KafkaTransport)
        self._opened.remove(transport)
        for subscription in tuple(transport._subscriptions):  # pyright: ignore[reportPrivateUsage]
            consumer = subscription._consumer  # pyright: ignore[reportPrivateUsage]
            if consumer is not None:
                _cut(consumer._client)  # pyright: ignore[reportPrivateUsage]
        writer = transport._writer  # pyright: ignore[reportPrivateUsage]
        producer = None if writer is None else writer._producer  # pyright: ignore[reportPrivateUsage]
        if producer is not None:
            _cut(producer.client)
        await transport.close()

    def away(self) -> AbstractAsyncContextManager[None]:
        return self.kafka.away()

    async def records(self) -> list[ConsumerRecord[bytes, bytes]]:
        """Everything in the topics, as it is."""
        consumer = AIOKafkaConsumer(
            *self.topics.by_name, **self.address.aiokafka(), auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            ends = await consumer.end_offsets(consumer.assignment())
            found: list[ConsumerRecord[bytes, bytes]] = []
            async with asyncio.timeout(10):
                while len(found) < sum(ends.values()):
                    parts = await consumer.getmany(timeout_ms=500)
                    found += [record for part in parts.values() for record in part]
            return found
        finally:
            await consumer.stop()

    async def write_raw(
        self, envelope: Envelope, source: str | None = None, event_type: str | None = None
    ) -> None:
        """A record in the topic of the facts that the transport would not write."""
        producer = AIOKafkaProducer(**self.address.aiokafka())
        await producer.start()
        try:
            topic = self.topics.of("agreement.paid")
            record = to_record(envelope, topic)
            changed = {"ce_source": source, "ce_type": event_type}
            headers = [
                (name, (changed.get(name) or value.decode()).encode()) for name, value in record.headers
            ]
            partition = partition_of(envelope.key, 16)
            await producer.send_and_wait(topic.name, record.value, record.key, partition, headers=headers)
        finally:
            await producer.stop()

    async def drop_facts(self) -> None:
        """All facts that there are, as their retention would."""
        client = administrator(self.address)
        name = self.topics.of("agreement.paid").name
        everything = [TopicPartition(name, partition, OFFSET_END) for partition in range(16)]
        dropped = client.delete_records(everything)
        await asyncio.to_thread(lambda: [future.result() for future in dropped.values()])

    async def close(self) -> None:
        await asyncio.gather(*(transport.close() for transport in self._opened))


def _cut(client: Any) -> None:
    async def never(*_: object, **__: object) -> None:
        return None

    client._get_conn = never
    for connection in list(client._conns.values()):
        connection.close()
