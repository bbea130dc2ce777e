"""The relay: takes a service's outbox to the bus, in order, at least once.

It reads the unmarked rows by position, appends, and marks them after the acknowledgement. It keeps no place
of its own: whatever fails, it begins again at the earliest unmarked row. Several relays of a service only
repeat one another: one that finds its rows marked by another sees to it that no older state of a key is the
bus' last.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from chassis.bus.envelope import Envelope, source_of
from chassis.bus.metrics import relayed_total
from chassis.database import driver_connection
from events.catalogue import CATALOGUE
from events.declaration import EventClass

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
    from datetime import date

    import asyncpg

    from chassis.bus.transport import Transport
    from chassis.database import Database
    from events.declaration import Event

logger = structlog.get_logger(__name__)

GATHER_SECONDS = 0.01
RETRY_SECONDS = 0.05
RETRY_MAX_SECONDS = 5.0

_UNMARKED = """
SELECT written_on, position, event_id, type, key, time, data, traceparent, causation_id, correlation_id
FROM outbox WHERE NOT relayed ORDER BY position LIMIT $1
"""
_MARK = """
UPDATE outbox SET relayed = true WHERE written_on = $1 AND position = ANY($2::bigint[]) AND NOT relayed
RETURNING position
"""
_NEWER = """
SELECT DISTINCT ON (type, key)
       written_on, outbox.position, event_id, type, key, time, data, traceparent, causation_id, correlation_id
FROM outbox JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS last (type, key, position) USING (type, key)
WHERE outbox.position > last.position AND written_on >= $4 ORDER BY type, key, outbox.position DESC
"""


class RelaySettings(Protocol):
    """What a relay reads of the service's settings."""

    @property
    def relay_poll_ms(self) -> int: ...

    @property
    def relay_batch_max(self) -> int: ...


class Relay:
    """The relay of one service. Run one in each process of it."""

    def __init__(
        self,
        database: Database,
        bus: Transport,
        service: str,
        settings: RelaySettings,
        catalogue: Mapping[str, type[Event]] = CATALOGUE,
    ) -> None:
        self._database = database
        self._bus = bus
        self._service = service
        self._source = source_of(service)
        self._poll_seconds = settings.relay_poll_ms / 1_000
        self._batch_max = settings.relay_batch_max
        self._states = {
            name for name, event in catalogue.items() if event.declaration.event_class is EventClass.STATE
        }
        self._woken = asyncio.Event()
        # What an attempt that failed may have appended, although another relay marked it meanwhile.
        self._doubtful: list[Mapping[str, Any]] = []

    def wake(self) -> None:
        """Say that a transaction of this process has committed events."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        pause = RETRY_SECONDS
        while True:
            self._woken.clear()
            try:
                relayed_count = await self.relay_batch()
            except Exception as error:  # noqa: BLE001 - whatever failed, the rows are still unmarked
                log = logger.warning if pause == RETRY_SECONDS else logger.debug
                log("relay waits", service=self._service, reason=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_MAX_SECONDS)
                continue
            pause = RETRY_SECONDS
            if relayed_count < self._batch_max:
                await self._rest()

    async def _rest(self) -> None:
        """Until woken or the poll is due; commits within 10 ms of one another are one batch."""
        await asyncio.sleep(GATHER_SECONDS)
        try:
            async with asyncio.timeout(self._poll_seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def relay_batch(self) -> int:
        """Relay the earliest unmarked rows; returns how many. No connection is held during the append."""
        async with self._connection() as connection:
            rows = await connection.fetch(_UNMARKED, self._batch_max)
        unmarked = {row["position"] for row in rows}
        others = [row for row in self._doubtful if row["position"] not in unmarked]
        self._doubtful = [*others, *rows]
        if rows:
            await self._bus.append([self._envelope(row) for row in rows])
            others += await self._mark(rows)
            relayed_total.labels(self._service).inc(len(rows))
        await self._repeat_newer(others)
        self._doubtful = []
        return len(rows)

    async def _mark(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Returns the rows that another relay had marked before."""
        marked: set[int] = set()
        async with self._connection() as connection:
            for day, positions in _by_day(rows).items():
                marked.update(row["position"] for row in await connection.fetch(_MARK, day, positions))
        return [row for row in rows if row["position"] not in marked]

    async def _repeat_newer(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append the newest state of each key again, until none is newer than what was appended here last.

        The other relay may have appended newer ones before our older ones, and compaction keeps the last.
        """
        last = {(row["type"], row["key"]): row for row in rows if row["type"] in self._states}
        while last:
            async with self._connection() as connection:
                newer = await connection.fetch(
                    _NEWER,
                    [event_type for event_type, _ in last],
                    [key for _, key in last],
                    [row["position"] for row in last.values()],
                    min(row["written_on"] for row in last.values()),
                )
            if newer:
                await self._bus.append([self._envelope(row) for row in newer])
            last = {(row["type"], row["key"]): row for row in newer}

    def _envelope(self, row: Sequence[Any]) -> Envelope:
        _, position, event_id, event_type, key, time, data, traceparent, causation_id, correlation_id = row
        return Envelope(
            event_id,
            self._source,
            event_type,
            key,
            time,
            data,
            event_type in self._states,
            position,
            traceparent,
            causation_id,
            correlation_id,
        )

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[asyncpg.Connection]:
        async with self._database.write_turns.turn(), self._database.writes.connect() as connection:
            raw = await driver_connection(connection)
            try:
                yield raw
            finally:
                if raw.is_closed():  # the pool would lend it again
                    await connection.invalidate()


def _by_day(rows: Iterable[Mapping[str, Any]]) -> dict[date, list[int]]:
    positions: dict[date, list[int]] = {}
    for row in rows:
        positions.setdefault(row["written_on"], []).append(row["position"])
    return positions
