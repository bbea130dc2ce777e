"""What the parts of the postgres transport share: the pool, the side connection, the pace."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import asyncpg

from chassis.bus.postgres import log
from events.declaration import EventClass

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Mapping

    from chassis.bus.postgres.side_connection import SideConnection
    from chassis.bus.postgres.wake_ups import WakeUps
    from events.declaration import Event

OUTAGE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What a database that is away raises, in asyncpg's words."""


@dataclass(slots=True)
class BusLink:
    """`look_seconds`: how often a reader looks that nobody woke; `rebalance_seconds`: how often it shares."""

    pool: asyncpg.Pool
    side: SideConnection
    wake_ups: WakeUps
    catalogue: Mapping[str, type[Event]]
    left: Callable[[str], None]
    look_seconds: float
    rebalance_seconds: float
    retry_seconds: float = 0.1
    retry_max_seconds: float = 2.0
    _partitions_count: int | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[asyncpg.Connection]:
        """A connection of the pool."""
        async with self.pool.acquire() as connection:
            yield cast("asyncpg.Connection", connection)

    async def partitions_count(self) -> int:
        """Fixed when the bus' database is made."""
        if self._partitions_count is None:
            async with self.connection() as connection:
                self._partitions_count = len(await log.read_heads(connection))
        return self._partitions_count

    def only_states(self, types: Collection[str]) -> bool:
        """Whether all these types are of state, of which the bus loses nothing."""
        return all(
            name in self.catalogue and self.catalogue[name].declaration.event_class is EventClass.STATE
            for name in types
        )
