"""Tail on the postgres transport: every event for every process, from a position that the reader keeps."""

from __future__ import annotations

import asyncio
import base64
import binascii
from datetime import date, timedelta
from typing import TYPE_CHECKING

import orjson

from chassis.bus.postgres import log
from chassis.bus.postgres.link import OUTAGE
from chassis.bus.transport import TailBelowLowWater, Tailed, UnknownTailPosition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from chassis.bus.postgres.link import BusLink

EVENTS_MAX = 500
EVER = date(1970, 1, 1)


def spell_position(positions: Sequence[int]) -> str:
    """The text of a place in every partition."""
    return base64.urlsafe_b64encode(orjson.dumps(positions)).decode().rstrip("=")


def covers(position: str, other: str) -> bool:
    """See transport.Transport.covers."""
    passed = read_position(other)
    return all(
        here >= there for here, there in zip(read_position(position, len(passed)), passed, strict=True)
    )


def read_position(text: str, partitions_count: int | None = None) -> list[int]:
    """Raises UnknownTailPosition."""
    try:
        positions = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise UnknownTailPosition(text[:80]) from None
    if (
        not isinstance(positions, list)
        or len(positions) != (partitions_count or len(positions))
        or not all(type(position) is int and 0 <= position < 2**63 for position in positions)
    ):
        raise UnknownTailPosition(text[:80])
    return positions


async def position_of_now(link: BusLink) -> list[int]:
    async with link.connection() as connection:
        heads = await log.read_heads(connection)
    return [heads[partition].position for partition in range(len(heads))]


async def tail(link: BusLink, types: Collection[str] | None, after: str | None) -> AsyncIterator[Tailed]:
    """See transport.Transport.tail."""
    wanted = None if types is None else frozenset(types)
    sleeper = link.wake_ups.sleeper(wanted)
    try:
        if after is None:
            positions = await _retried_position_of_now(link)
        else:
            positions = read_position(after, await link.partitions_count())
        since, pause, first = EVER, link.retry_seconds, True
        while True:
            if not first:
                await sleeper.sleep(link.look_seconds)
            first = False
            more = True
            while more:
                try:
                    found, marks, heads = await _read_on(link, positions, wanted, since)
                except OUTAGE:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, link.retry_max_seconds)
                    continue
                pause = link.retry_seconds
                for event in found:
                    positions[event.partition] = event.position
                    yield Tailed(event.envelope, spell_position(positions))
                for partition, mark in marks.items():
                    positions[partition] = mark
                more = any(
                    heads[partition].position > position for partition, position in enumerate(positions)
                )
                if not more:
                    since = min(head.appended_on for head in heads.values()) - timedelta(days=1)
    finally:
        link.wake_ups.forget(sleeper)


async def _retried_position_of_now(link: BusLink) -> list[int]:
    while True:
        try:
            return await position_of_now(link)
        except OUTAGE:
            await asyncio.sleep(link.retry_seconds)


async def _read_on(
    link: BusLink, positions: Sequence[int], types: frozenset[str] | None, since: date
) -> tuple[list[log.Positioned], dict[int, int], dict[int, log.Head]]:
    async with link.connection() as connection:
        heads = await log.read_heads(connection)
        if any(positions[partition] < head.low_water for partition, head in heads.items()):
            raise TailBelowLowWater
        spans = [
            log.Span(partition, positions[partition], head.position)
            for partition, head in heads.items()
            if head.position > positions[partition]
        ]
        if not spans:
            return [], {}, heads
        limit_each = max(1, EVENTS_MAX // len(spans))
        found = await log.read_spans(connection, "log", spans, types, limit_each, since)
        return found, dict(log.passed(spans, found, limit_each)), heads
