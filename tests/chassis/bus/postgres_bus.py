"""The postgres transport as the behaviour suite sees it: many processes, and a database that can go away."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from typing import cast

import asyncpg

from chassis.bus.postgres import PostgresTransport
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.day_partitions import drop_days
from chassis.ids import IdSource
from tests.support.postgres import ServiceDatabase

_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


_EMPTY = """
TRUNCATE log, states, group_offsets, consumer_groups RESTART IDENTITY;
UPDATE heads SET position = 0, low_water = 0, appended_on = '1970-01-01';
"""


async def empty_bus(database: ServiceDatabase) -> None:
    """As its migration left it."""
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(_EMPTY)
        await drop_days(connection, "log", date.max)
    finally:
        await connection.close()


class PostgresBus:
    """One database of the bus. `process()` is a process' transport, with connections of its own."""

    def __init__(self, database: ServiceDatabase, clock: Clock) -> None:
        self.database = database
        self._clock = clock
        self._ids = IdSource(clock)
        self._opened: list[PostgresTransport] = []

    async def process(self, look_ms: int = 500) -> Transport:
        transport = PostgresTransport(
            self.database.url, self._clock, self._ids.new(), look_ms=look_ms, rebalance_ms=500
        )
        await transport.open()
        self._opened.append(transport)
        return transport

    async def kill(self, transport: Transport) -> None:
        killed = cast("PostgresTransport", transport)
        self._opened.remove(killed)
        killed.abort()

    @asynccontextmanager
    async def away(self) -> AsyncGenerator[None]:
        name = self.database.name
        connection = await asyncpg.connect(self.database.superuser_url, database="postgres")
        try:
            await connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            await connection.execute(_END, name)
            yield
        finally:
            await connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            await connection.close()

    async def close(self) -> None:
        for transport in self._opened:
            await transport.close()
