"""The database of one service: a pool for transactions, a pool for reads.

SQLAlchemy's connections run in autocommit, and the chassis opens and ends the transaction on the driver's
connection: so Core statements and raw asyncpg statements share one transaction. On the driver's connection
JSON parameters are text and JSON results come decoded.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis.read_pool import ReadPool
from chassis.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chassis.settings import ServiceSettings


def engine_url(url: str) -> str:
    """The SQLAlchemy form of a `postgresql://` URL."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


async def driver_connection(connection: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection beneath, in the same transaction."""
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection", raw.driver_connection)


class Database:
    """Pools of one service's run-time role."""

    def __init__(self, settings: ServiceSettings, service: str) -> None:
        self.service = service
        url = settings.database_url.get_secret_value()
        self._url = url
        self._wait_seconds = settings.connection_wait_seconds
        self._read_connections_max = settings.read_connections_max
        self._server_settings = {
            "application_name": f"guildhall {service}",
            "statement_timeout": str(settings.statement_timeout_ms),
            "idle_in_transaction_session_timeout": "60000",
            "timezone": "UTC",
            "jit": "off",
        }
        self.writes = self._engine(settings.write_connections_max, {})
        self.write_turns = Turns(settings.write_connections_max, self._wait_seconds)
        self.read_turns = Turns(settings.read_connections_max, self._wait_seconds)
        self.reads = self._engine(settings.read_connections_max, {"default_transaction_read_only": "on"})
        self._hot = ReadPool(self._connect_raw, settings.read_connections_max, self._wait_seconds)

    def _engine(self, size: int, more: dict[str, str]) -> AsyncEngine:
        return create_async_engine(
            engine_url(self._url),
            isolation_level="AUTOCOMMIT",
            pool_size=size,
            max_overflow=0,
            pool_timeout=self._wait_seconds,
            pool_use_lifo=True,
            json_serializer=_write_json,
            json_deserializer=orjson.loads,
            connect_args={"server_settings": self._server_settings | more, "timeout": 5},
        )

    def hot_reads(self) -> ReadPool:
        """A raw pool for single-statement reads on hot paths; read-only."""
        return self._hot

    async def _connect_raw(self) -> asyncpg.Connection:
        read_only = {"default_transaction_read_only": "on"}
        connection: asyncpg.Connection = await asyncpg.connect(
            self._url, timeout=5, server_settings=self._server_settings | read_only
        )
        # As on SQLAlchemy's connections: JSON goes in as text and comes out decoded.
        for name in ("json", "jsonb"):
            await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=orjson.loads)
        return connection

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for reads outside a request."""
        async with self.read_turns.turn(), self.reads.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self.writes.dispose()
        await self.reads.dispose()
        await self._hot.close()


def _write_json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
