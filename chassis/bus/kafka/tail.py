"""Tail on the kafka transport: every event for every process, from a position that the reader keeps.

A position names the next offset of every partition of the topics that it covers: `tail_position` all of them,
a position of a tail those and what it was given.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING, cast

import orjson
import structlog
from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from chassis.bus.kafka.link import OUTAGE, REFUSED, start, stop_within
from chassis.bus.kafka.records import ForeignRecord, from_record
from chassis.bus.transport import TailBelowLowWater, Tailed, UnknownTailPosition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable

    from aiokafka import AIOKafkaConsumer

    from chassis.bus.kafka.link import KafkaLink
    from chassis.bus.kafka.topics import Topics

logger = structlog.get_logger(__name__)

EVENTS_MAX = 500
POSITION_MAX_CHARACTERS = 65_536
OFFSETS_END = 2**63
Positions = dict[str, list[int]]
"""By topic, the next offset of each of its partitions."""


def spell_position(positions: Positions, prefix: str) -> str:
    """The text of a place in every partition; topics go without the prefix that all share."""
    short = {name[len(prefix) + 1 :]: offsets for name, offsets in positions.items()}
    return base64.urlsafe_b64encode(orjson.dumps(short)).decode().rstrip("=")


def read_position(text: str, topics: Topics) -> Positions:
    """Raises UnknownTailPosition. How many partitions a topic has is for the reader to compare."""
    unknown = UnknownTailPosition(text[:80])
    if len(text) > POSITION_MAX_CHARACTERS:
        raise unknown
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise unknown from None
    if not isinstance(found, dict):
        raise unknown
    positions: Positions = {}
    for short, offsets in cast("dict[str, object]", found).items():
        name = f"{topics.prefix}.{short}"
        if name not in topics.by_name or not isinstance(offsets, list):
            raise unknown
        positions[name] = []
        for offset in cast("list[object]", offsets):
            if type(offset) is not int or not 0 <= offset < OFFSETS_END:
                raise unknown
            positions[name].append(offset)
    return positions


def covers(position: str, other: str, topics: Topics) -> bool:
    """See transport.Transport.covers. What a position does not name it does not have."""
    here = read_position(position, topics)
    return all(
        len(offsets) == len(here.get(name, []))
        and all(mine >= theirs for mine, theirs in zip(here[name], offsets, strict=True))
        for name, offsets in read_position(other, topics).items()
    )


async def position_of_now(link: KafkaLink, names: Iterable[str]) -> Positions:
    """Where these topics end."""
    consumer = await _reading(link, names)
    try:
        return _listed(await consumer.end_offsets(sorted(consumer.assignment())))
    finally:
        await stop_within(consumer)


async def tail(link: KafkaLink, types: Collection[str] | None, after: str | None) -> AsyncIterator[Tailed]:
    """See transport.Transport.tail."""
    wanted = None if types is None else frozenset(types)
    names = [topic.name for topic in link.topics.of_all(types)]
    positions = None if after is None else read_position(after, link.topics)
    pause = link.retry_seconds
    while True:
        try:
            consumer = await _reading(link, names)
        except REFUSED:
            raise
        except OUTAGE:
            await asyncio.sleep(pause)
            pause = min(pause * 2, link.retry_max_seconds)
            continue
        try:
            positions = await _begin(consumer, positions)
            pause = link.retry_seconds
            while True:
                found = await consumer.getmany(
                    timeout_ms=int(link.look_seconds * 1_000), max_records=EVENTS_MAX
                )
                for record in (record for part in found.values() for record in part):
                    positions[record.topic][record.partition] = record.offset + 1
                    try:
                        event = from_record(
                            link.topics.by_name[record.topic], record.headers, record.value, wanted
                        )
                    except ForeignRecord as error:
                        logger.error("record refused", topic=record.topic, reason=str(error))
                        continue
                    if event is not None:
                        yield Tailed(event, spell_position(positions, link.topics.prefix))
        except OffsetOutOfRangeError:
            raise TailBelowLowWater from None
        except REFUSED:
            raise
        except OUTAGE as error:
            logger.debug("tail begins again", error=repr(error)[:200])
            await asyncio.sleep(pause)
            pause = min(pause * 2, link.retry_max_seconds)
        finally:
            await stop_within(consumer)


async def _reading(link: KafkaLink, names: Iterable[str]) -> AIOKafkaConsumer:
    """A consumer of all partitions of these topics, without a group."""
    consumer = link.consumer(*names)
    await start(consumer)
    return consumer


async def _begin(consumer: AIOKafkaConsumer, positions: Positions | None) -> Positions:
    """Stand where the positions say, or at the end. A topic that they do not know is read whole."""
    places = sorted(consumer.assignment())
    begins = await consumer.beginning_offsets(places)
    if positions is None:
        positions = _listed(await consumer.end_offsets(places))
    positions = {name: list(offsets) for name, offsets in positions.items()}
    here = _listed(begins)
    for name, begin in here.items():
        stand = positions.setdefault(name, begin)
        if len(stand) != len(begin):
            raise UnknownTailPosition(f"{name} has {len(begin)} partitions, not {len(stand)}")
        if any(offset < first for offset, first in zip(stand, begin, strict=True)):
            raise TailBelowLowWater
    for place in places:
        consumer.seek(place, positions[place.topic][place.partition])
    return positions


def _listed(offsets: dict[TopicPartition, int]) -> Positions:
    listed: Positions = {}
    for place in sorted(offsets):
        listed.setdefault(place.topic, []).append(offsets[place])
    return listed
