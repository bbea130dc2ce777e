"""The bus on PostgreSQL, as one process sees it. Shared by the services that run in that process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg

from chassis.bus.postgres import groups, log
from chassis.bus.postgres.link import BusLink
from chassis.bus.postgres.side_connection import SideConnection
from chassis.bus.postgres.subscription import PostgresSubscription
from chassis.bus.postgres.tail import covers, position_of_now, spell_position, tail
from chassis.bus.postgres.wake_ups import REBALANCE, WakeUps
from events.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from uuid import UUID

    from chassis.bus.envelope import Envelope
    from chassis.bus.transport import Subscription, Tailed
    from chassis.clock import Clock
    from events.declaration import Event


class PostgresTransport:
    """See transport.Transport. Opens although its database is away, and waits for it where it is used.

    `process_id` is an id of this process. With `other_processes` off (one process is all there is) nothing
    is notified or listened to. `look_ms`: how often a reader looks that nobody woke; `rebalance_ms`: how
    often the replicas of a group look whether they share evenly.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        process_id: UUID,
        *,
        connections_max: int = 4,
        look_ms: int = 2_000,
        rebalance_ms: int = 3_000,
        other_processes: bool = True,
        catalogue: Mapping[str, type[Event]] = CATALOGUE,
    ) -> None:
        self._url = url
        self._clock = clock
        self._connections_max = connections_max
        self._look_seconds = look_ms / 1_000
        self._rebalance_seconds = rebalance_ms / 1_000
        self._catalogue = catalogue
        self._wake_ups = WakeUps()
        self._side = SideConnection(url, self._wake_ups, process_id, other_processes=other_processes)
        self._link: BusLink | None = None
        self._groups: set[str] = set()

    async def open(self) -> None:
        pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._connections_max,
            timeout=5,
            command_timeout=30,
            reset=_nothing_to_reset,
            server_settings={"application_name": "guildhall bus", "timezone": "UTC", "jit": "off"},
        )
        self._link = BusLink(
            pool=pool,
            side=self._side,
            wake_ups=self._wake_ups,
            catalogue=self._catalogue,
            left=self._groups.discard,
            look_seconds=self._look_seconds,
            rebalance_seconds=self._rebalance_seconds,
        )
        self._side.open()

    async def close(self) -> None:
        await self._side.close()
        if self._link is not None:
            link, self._link = self._link, None
            link.pool.terminate()

    def abort(self) -> None:
        """Cut every connection at once, as the end of the process would."""
        self._side.abort()
        if self._link is not None:
            self._link.pool.terminate()

    def _opened(self) -> BusLink:
        if self._link is None:
            raise RuntimeError("the bus is not open")
        return self._link

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        if not envelopes:
            return
        link = self._opened()
        partitions_count = await link.partitions_count()
        async with link.connection() as connection:
            await log.append(connection, envelopes, partitions_count, self._clock.now().date())
        types = {envelope.type for envelope in envelopes}
        self._wake_ups.wake(types)
        self._side.announce(types)

    async def consume(self, group: str, types: Collection[str]) -> Subscription:
        """One subscription of a group a process: a second one would share its leases unnoticed."""
        link = self._opened()
        if group in self._groups:
            raise ValueError(f"group {group} is consumed twice in one process")
        self._groups.add(group)
        return PostgresSubscription(link, group, frozenset(types))

    def tail(self, types: Collection[str] | None = None, after: str | None = None) -> AsyncIterator[Tailed]:
        return tail(self._opened(), types, after)

    async def tail_position(self) -> str:
        return spell_position(await position_of_now(self._opened()))

    def covers(self, position: str, other: str) -> bool:
        return covers(position, other)

    async def restart_group(self, group: str) -> None:
        async with self._opened().connection() as connection:
            await groups.restart(connection, await groups.group_id_of(connection, group))
        self._wake_ups.wake((REBALANCE,))
        self._side.announce((REBALANCE,))


async def _nothing_to_reset(_: Any) -> None:
    """Connections of the pool carry no state: no listener, no session lock, no setting."""
