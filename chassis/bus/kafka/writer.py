"""Appends: each partition's events in order, the next batch only when the last is acknowledged by all.

A producer that failed once is given up when its appends have ended: nothing that waited in it may be written
after what is repeated.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaProducer

from chassis.bus.kafka.link import start, stop_within
from chassis.bus.kafka.records import OutgoingRecord, to_record
from chassis.bus.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiokafka.producer.message_accumulator import BatchBuilder

    from chassis.bus.envelope import Envelope
    from chassis.bus.kafka.link import KafkaLink

logger = structlog.get_logger(__name__)

BATCH_MAX_BYTES = 524_288
REQUEST_MAX_BYTES = 1_048_576
Place = tuple[str, int]


class Writer:
    """The producer of one process, made when it is first needed and made anew after a failure."""

    def __init__(self, link: KafkaLink) -> None:
        self._link = link
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._giving_up: set[asyncio.Task[None]] = set()

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when every event is on all replicas that are in sync."""
        producer = await self._started()
        await self._write_all(producer, await self._placed(producer, envelopes))

    async def write(self, places: Mapping[Place, Sequence[OutgoingRecord]]) -> None:
        """The same for records whose topics and partitions are said."""
        await self._write_all(await self._started(), places)

    async def _write_all(
        self, producer: AIOKafkaProducer, places: Mapping[Place, Sequence[OutgoingRecord]]
    ) -> None:
        writing = [asyncio.create_task(_write(producer, place, records)) for place, records in places.items()]
        try:
            outcomes = await asyncio.gather(*writing, return_exceptions=True)
        except asyncio.CancelledError:
            self._give_up(producer)
            raise
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                self._give_up(producer)
                raise outcome

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_within(producer)
        await asyncio.gather(*self._giving_up, return_exceptions=True)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._link.client_arguments(),
                    enable_idempotence=True,
                    acks="all",
                    max_batch_size=BATCH_MAX_BYTES,
                    max_request_size=REQUEST_MAX_BYTES,
                )
                await start(producer)
                self._producer = producer
            return self._producer

    async def _placed(
        self, producer: AIOKafkaProducer, envelopes: Sequence[Envelope]
    ) -> dict[Place, list[OutgoingRecord]]:
        counts: dict[str, int] = {}
        places: dict[Place, list[OutgoingRecord]] = {}
        for envelope in envelopes:
            topic = self._link.topics.of(envelope.type)
            if topic.name not in counts:
                counts[topic.name] = len(await producer.partitions_for(topic.name))
            place = (topic.name, partition_of(envelope.key, counts[topic.name]))
            places.setdefault(place, []).append(to_record(envelope, topic))
        return places

    def _give_up(self, producer: AIOKafkaProducer) -> None:
        if self._producer is not producer:
            return
        self._producer = None
        logger.info("producer given up after a failure")
        ending = asyncio.create_task(stop_within(producer), name="bus producer ends")
        self._giving_up.add(ending)
        ending.add_done_callback(self._giving_up.discard)


async def _write(producer: AIOKafkaProducer, place: Place, records: Sequence[OutgoingRecord]) -> None:
    batch = producer.create_batch()
    for record in records:
        if not _fits(batch, record):
            await _send(producer, batch, place)
            batch = producer.create_batch()
            if not _fits(batch, record):
                raise ValueError(f"a record of {len(record.value)} bytes fits no batch")
    await _send(producer, batch, place)


def _fits(batch: BatchBuilder, record: OutgoingRecord) -> bool:
    added = batch.append(key=record.key, value=record.value, timestamp=None, headers=record.headers)
    return added is not None


async def _send(producer: AIOKafkaProducer, batch: BatchBuilder, place: Place) -> None:
    topic, partition = place
    batch.close()
    await (await producer.send_batch(batch, topic, partition=partition))
