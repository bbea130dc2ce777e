"""One replica of a group on the kafka transport: partitions that the cluster gives it, read from where the
group stands."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)

from chassis.bus.kafka.link import OUTAGE, REFUSED, start, stop_within
from chassis.bus.kafka.records import ForeignRecord, from_record
from chassis.bus.transport import Batch, GroupBelowLowWater

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from aiokafka import ConsumerRecord

    from chassis.bus.envelope import Envelope
    from chassis.bus.kafka.link import KafkaLink

logger = structlog.get_logger(__name__)

Records = list["ConsumerRecord[bytes, bytes]"]
LOST = (CommitFailedError, IllegalStateError)
"""What is raised when a partition has gone to another replica."""


class KafkaSubscription(ConsumerRebalanceListener):
    """See transport.Subscription. `_stands` is what the cluster has stored for the partitions held here."""

    def __init__(
        self,
        link: KafkaLink,
        group: str,
        types: frozenset[str],
        closed: Callable[[KafkaSubscription], None],
    ) -> None:
        self._link = link
        self._group = group
        self._types = types
        self._closed = closed
        self._topics = link.topics.of_all(types)
        self._consumer: AIOKafkaConsumer | None = None
        self._stands: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] = {}
        self._rebalanced = True
        self._read_on: set[TopicPartition] = set()
        self._look_at = float("-inf")
        self._connected = False

    # -- what aiokafka tells between two awaits

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        self._rebalanced = True

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._rebalanced = True

    # -- reading

    async def next_batch(self, events_max: int, gather_seconds: float) -> Batch:
        pause = self._link.retry_seconds
        while True:
            try:
                batch = await self._read(events_max, gather_seconds)
            except REFUSED:
                await self._leave()
                raise
            except OUTAGE as error:
                await self._say_away(error)
                await self._leave()
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._link.retry_max_seconds)
                continue
            if batch is not None:
                return batch

    async def _read(self, events_max: int, gather_seconds: float) -> Batch | None:
        consumer = await self._joined()
        if self._rebalanced:
            await self._take_over(consumer)
        for place in self._read_on & self._stands.keys():  # what was read and not committed comes again
            consumer.seek(place, self._stands[place])
        self._read_on.clear()
        await self._look(consumer)
        try:
            records = await self._gather(consumer, events_max, gather_seconds)
        except NoOffsetForPartitionError:
            self._rebalanced = True
            return None
        except OffsetOutOfRangeError:
            self._look_at = float("-inf")
            await self._look(consumer)  # says so where facts are gone
            raise
        if self._rebalanced or not records:
            return None
        marks: dict[TopicPartition, int] = {}
        partitions: set[int] = set()
        events: list[Envelope] = []
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            marks[place] = record.offset + 1
            event = self._event(record)
            if event is not None:
                events.append(event)
                partitions.add(record.partition)
        if not events:
            await self._move(marks)
            return None
        return Batch(events=tuple(events), partitions=tuple(sorted(partitions)), marks=marks)

    async def _gather(self, consumer: AIOKafkaConsumer, events_max: int, gather_seconds: float) -> Records:
        """Wait for records at most until the next look; let a burst gather, so that it is one transaction."""
        wait_ms = int(self._link.look_seconds * 1_000)
        try:
            # While the group shares anew, getmany waits for that without an end.
            async with asyncio.timeout(self._link.look_seconds + 1):
                found = await consumer.getmany(timeout_ms=wait_ms, max_records=events_max)
        except TimeoutError:
            return []
        self._read_on |= found.keys()
        records = [record for part in found.values() for record in part]
        if records and len(records) < events_max and not self._rebalanced:
            await asyncio.sleep(gather_seconds)
            more = await consumer.getmany(timeout_ms=0, max_records=events_max - len(records))
            self._read_on |= more.keys()
            records += [record for part in more.values() for record in part]
        return records

    def _event(self, record: ConsumerRecord[bytes, bytes]) -> Envelope | None:
        topic = self._link.topics.by_name[record.topic]
        try:
            return from_record(topic, record.headers, record.value, self._types)
        except ForeignRecord as error:
            logger.error(
                "record refused",
                group=self._group,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                reason=str(error),
            )
            return None

    # -- belonging to the group

    async def _joined(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = self._link.consumer(group=self._group)
            consumer.subscribe([topic.name for topic in self._topics], listener=self)
            self._rebalanced = True
            await start(consumer)
            self._consumer = consumer
        return self._consumer

    async def _take_over(self, consumer: AIOKafkaConsumer) -> None:
        """Learn where the group stands in the partitions that are now here; begin where it never stood.

        A beginning is stored at once: what the group has not seen by then may not be lost unnoticed.
        """
        self._rebalanced = False
        self._read_on.clear()
        places = sorted(consumer.assignment())
        stored = await asyncio.gather(*(consumer.committed(place) for place in places))
        stands = {place: stand for place, stand in zip(places, stored, strict=True) if stand is not None}
        new = [place for place in places if place not in stands]
        if new:
            begins = await consumer.beginning_offsets(new)
            await consumer.commit(begins)
            stands |= begins
        if self._rebalanced:
            return
        self._stands = stands
        for place, stand in stands.items():
            consumer.seek(place, stand)
        self._look_at = float("-inf")
        logger.debug("partitions assigned", group=self._group, partitions=len(places))

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """When it is time, ask where the partitions begin and end. Raises GroupBelowLowWater."""
        now = asyncio.get_running_loop().time()
        if now < self._look_at or self._rebalanced:
            return
        places = list(self._stands)
        try:
            async with asyncio.timeout(self._link.look_seconds + 1):
                begins = await consumer.beginning_offsets(places)
                self._ends = dict(await consumer.end_offsets(places))
        except OUTAGE as error:
            # The consumer itself goes on trying; what it has fetched is as good as ever.
            await self._say_away(error)
            return
        self._connected = True
        self._look_at = now + self._link.look_seconds
        for place, begin in begins.items():
            stand = self._stands[place]
            if stand >= begin:
                continue
            if self._link.topics.by_name[place.topic].is_states:
                consumer.seek(place, begin)  # compaction has kept the newest of every key
                continue
            await self._leave()
            raise GroupBelowLowWater(self._group, place.partition, stand, begin)

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._rebalanced = True
        self._look_at = float("-inf")
        if consumer is not None:
            await stop_within(consumer)

    async def _say_away(self, error: BaseException) -> None:
        if self._connected:
            logger.warning("bus away", group=self._group, error=repr(error)[:300])
        self._connected = False

    # -- the rest of the promise

    async def commit(self, batch: Batch) -> None:
        pause = self._link.retry_seconds
        while True:
            try:
                return await self._move(batch.marks)
            except REFUSED:
                raise
            except OUTAGE as error:
                await self._say_away(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._link.retry_max_seconds)

    async def _move(self, marks: Mapping[TopicPartition, int]) -> None:
        """Never backwards, and not at all where the partitions have been shared anew: others read them now,
        or they come again here and the inbox drops them."""
        consumer = self._consumer
        if consumer is None or self._rebalanced:
            return
        forwards = {place: mark for place, mark in marks.items() if mark > self._stands.get(place, mark)}
        if forwards:
            try:
                await self._store(consumer, forwards)
            except LOST as error:
                logger.debug("partitions lost", group=self._group, error=repr(error)[:200])
                self._rebalanced = True
                return
        self._stands |= forwards
        self._read_on -= {place for place, mark in marks.items() if self._stands.get(place) == mark}

    async def _store(self, consumer: AIOKafkaConsumer, forwards: Mapping[TopicPartition, int]) -> None:
        """aiokafka tries for as long as the cluster is away; meanwhile that is said."""
        storing = asyncio.ensure_future(consumer.commit(forwards))
        try:
            while not (await asyncio.wait({storing}, timeout=self._link.look_seconds + 1))[0]:
                await self._say_away(TimeoutError("no answer to a commit"))
        finally:
            storing.cancel()
        await storing

    def lag(self) -> int:
        return sum(max(0, self._end(place) - stand) for place, stand in self._stands.items())

    def _end(self, place: TopicPartition) -> int:
        consumer, end = self._consumer, self._ends.get(place, 0)
        if consumer is None or place not in consumer.assignment():
            return end
        return max(end, consumer.highwater(place) or 0)

    def is_connected(self) -> bool:
        return self._connected

    async def close(self) -> None:
        await self._leave()
        self._stands.clear()
        self._closed(self)
