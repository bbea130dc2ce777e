"""One replica of a group on the postgres transport: leased partitions read from where the group stands."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import structlog

from chassis.bus.postgres import groups, log
from chassis.bus.postgres.link import OUTAGE
from chassis.bus.transport import Batch, GroupBelowLowWater

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from chassis.bus.postgres.link import BusLink

logger = structlog.get_logger(__name__)


EVER = date(1970, 1, 1)


class PostgresSubscription:
    """See transport.Subscription. What is remembered here of offsets is what the bus has stored."""

    def __init__(self, link: BusLink, group: str, types: frozenset[str]) -> None:
        self._link = link
        self._group = group
        self._types = types
        self._group_id: int | None = None
        self._leased: frozenset[int] = frozenset()
        self._offsets: dict[int, groups.Offset] = {}
        self._heads: dict[int, log.Head] = {}
        self._sleeper = link.wake_ups.sleeper(types)
        self._rebalance_at = float("-inf")
        self._days: dict[int, date] = {}
        self._connected = False
        self._look_now = True

    async def next_batch(self, events_max: int, gather_seconds: float) -> Batch:
        pause = self._link.retry_seconds
        while True:
            if not self._look_now and await self._sleeper.sleep(self._link.look_seconds):
                # Let a burst gather, so that it is one transaction.
                await asyncio.sleep(gather_seconds)
            try:
                batch = await self._look(events_max)
            except OUTAGE as error:
                if self._connected:
                    logger.warning("bus away", group=self._group, error=str(error))
                self._connected = False
                self._look_now = True
                self._rebalance_at = float("-inf")
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._link.retry_max_seconds)
                continue
            pause = self._link.retry_seconds
            self._connected = True
            if batch is not None:
                return batch

    async def _look(self, events_max: int) -> Batch | None:
        await self._keep_share()
        async with self._link.connection() as connection:
            self._heads = await log.read_heads(connection)
            self._refuse_lost_facts()
            behind = [partition for partition in self._leased if self._lag_of(partition) > 0]
            self._look_now = False
            if not behind:
                return None
            found, marks = await self._read(connection, behind, events_max)
            self._look_now = any(marks[partition] < self._heads[partition].position for partition in behind)
            if not found:
                await self._move(connection, marks)
                return None
        return Batch(
            events=tuple(event.envelope for event in found),
            partitions=tuple(sorted({event.partition for event in found})),
            marks=marks,
        )

    async def _keep_share(self) -> None:
        """Take and give partitions when it is time; between batches, so that none is given half-way."""
        link, now = self._link, asyncio.get_running_loop().time()
        if self._group_id is not None and self._leased != link.side.holds(self._group_id):
            self._rebalance_at = now
        if now < self._rebalance_at and not self._sleeper.rebalance:
            return
        self._sleeper.rebalance = False
        if self._group_id is None:
            async with link.connection() as connection:
                self._group_id = await groups.group_id_of(connection, self._group)
        leased = await link.side.share(self._group_id, await link.partitions_count())
        self._rebalance_at = now + link.rebalance_seconds
        async with link.connection() as connection:
            offsets = await groups.read_offsets(connection, self._group_id)
        if leased != self._leased or offsets != self._offsets:
            # Partitions that this replica did not hold have moved on, or somebody restarted the group.
            self._days.clear()
            self._look_now = True
            logger.debug("partitions leased", group=self._group, partitions=sorted(leased))
        self._leased, self._offsets = leased, offsets

    def _lag_of(self, partition: int) -> int:
        head = self._heads.get(partition)
        return 0 if head is None else max(0, head.position - self._offsets[partition].position)

    def _refuse_lost_facts(self) -> None:
        if self._link.only_states(self._types):
            return
        for partition in self._leased:
            seen = max(self._offsets[partition].position, self._offsets[partition].facts_from)
            if seen < self._heads[partition].low_water:
                self._rebalance_at = float("-inf")
                self._look_now = True
                raise GroupBelowLowWater(self._group, partition, seen, self._heads[partition].low_water)

    async def _read(
        self, connection: asyncpg.Connection, behind: list[int], events_max: int
    ) -> tuple[list[log.Positioned], Mapping[int, int]]:
        """Below the low-water mark from the states that are kept, above it from the log."""
        spans: dict[str, list[log.Span]] = {"states": [], "log": []}
        for partition in behind:
            after, head = self._offsets[partition].position, self._heads[partition]
            old = after < head.low_water
            span = log.Span(partition, after, head.low_water if old else head.position)
            spans["states" if old else "log"].append(span)
        limit_each = max(1, events_max // len(behind))
        found: list[log.Positioned] = []
        marks: dict[int, int] = {}
        for table, wanted in spans.items():
            if wanted:
                since = EVER if table == "states" else self._since(wanted)
                events = await log.read_spans(connection, table, wanted, self._types, limit_each, since)
                marks |= log.passed(wanted, events, limit_each)
                found += events
        return found, marks

    def _since(self, spans: list[log.Span]) -> date:
        """The first day that may hold what is wanted: one that this reader saw the end of, less a margin."""
        first = min(self._days.get(span.partition, EVER) for span in spans)
        return first if first == EVER else first - timedelta(days=1)

    async def _move(self, connection: asyncpg.Connection, marks: Mapping[int, int]) -> None:
        assert self._group_id is not None
        await groups.move_offsets(connection, self._group_id, self._offsets, marks)
        for partition, position in marks.items():
            self._offsets[partition] = replace(self._offsets[partition], position=position)
            head = self._heads[partition]
            if position == head.position:
                self._days[partition] = head.appended_on

    async def commit(self, batch: Batch) -> None:
        pause = self._link.retry_seconds
        while True:
            try:
                async with self._link.connection() as connection:
                    return await self._move(connection, batch.marks)
            except OUTAGE:
                self._connected = False
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._link.retry_max_seconds)

    def lag(self) -> int:
        return sum(self._lag_of(partition) for partition in self._leased if partition in self._offsets)

    def is_connected(self) -> bool:
        return self._connected

    async def close(self) -> None:
        self._link.wake_ups.forget(self._sleeper)
        if self._group_id is not None:
            await self._link.side.leave(self._group_id)
        self._link.left(self._group)
