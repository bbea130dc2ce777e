"""Connections for single-statement reads, given in the order in which they are asked for.

asyncpg's pool lets who comes late overtake who waits, so that under load some requests wait a hundred
milliseconds beside others that wait none: this one is a stack of connections, taken in turns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg


class ReadPool:
    """At most `size` connections, made by `connect` when they are first needed, or were lost.

    Its reads have the signatures of a connection's, each on a connection of its own. Raises TimeoutError when
    none is free for `wait_seconds`, and what `connect` raises.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[asyncpg.Connection]], size: int, wait_seconds: float
    ) -> None:
        self._connect = connect
        self._turns = Turns(size, wait_seconds)
        self._idle: list[asyncpg.Connection] = []
        self._closed = False

    async def fetch(self, query: str, *parameters: Any) -> list[asyncpg.Record]:
        async with self.acquire() as connection:
            return await connection.fetch(query, *parameters)

    async def fetchrow(self, query: str, *parameters: Any) -> asyncpg.Record | None:
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *parameters)

    async def fetchval(self, query: str, *parameters: Any) -> Any:
        async with self.acquire() as connection:
            return await connection.fetchval(query, *parameters)

    async def execute(self, query: str, *parameters: Any) -> str:
        async with self.acquire() as connection:
            return await connection.execute(query, *parameters)

    def acquire(self) -> _Lent:
        """`async with` it: one connection for several statements."""
        return _Lent(self)

    @property
    def lent_count(self) -> int:
        """Connections at work."""
        return self._turns.taken_count

    async def close(self) -> None:
        """Ends the connections; those at work end with their statement."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def take(self) -> asyncpg.Connection:
        """A connection, to be given back by `give`, or by `drop` when a statement was cut short."""
        await self._turns.take()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await self._connect()
        except BaseException:
            self._turns.give()
            raise

    def give(self, connection: asyncpg.Connection) -> None:
        if self._closed:
            connection.terminate()
        elif not connection.is_closed():
            self._idle.append(connection)
        self._turns.give()

    def drop(self, connection: asyncpg.Connection) -> None:
        connection.terminate()
        self._turns.give()


class _Lent:
    """One connection while entered. A class: a generator's context costs three times as much a read."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: ReadPool) -> None:
        self._pool = pool
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> asyncpg.Connection:
        self._connection = await self._pool.take()
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        connection = self._connection
        assert connection is not None
        if kind is None or issubclass(kind, Exception):
            self._pool.give(connection)
        else:  # cancelled: its answer is still under way
            self._pool.drop(connection)
