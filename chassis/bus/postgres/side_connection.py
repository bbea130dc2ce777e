"""The one connection of a process that listens, notifies and holds the leases of its groups' partitions.

A NOTIFY takes a lock of the whole cluster at commit, so it is never sent by a writer: at most one every
10 ms goes out from here. A lease is a session's advisory lock: it ends when its process or connection does.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import structlog

from chassis.bus.postgres import leases
from chassis.bus.postgres.link import OUTAGE
from chassis.bus.postgres.wake_ups import EVERYTHING, REBALANCE, WakeUps

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = structlog.get_logger(__name__)

CHANNEL = "bus"
PAYLOAD_MAX_BYTES = 7_000
LOOK_SECONDS = 0.5
RECONNECT_SECONDS = 0.1
RECONNECT_MAX_SECONDS = 2.0

# A machine that vanished holds its leases for half a minute at most.
_SESSION = {
    "synchronous_commit": "off",
    "application_name": "guildhall bus side",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class SideConnection:
    """Keeps itself connected while open. `token` tells this process' notifications from others'."""

    def __init__(self, url: str, wake_ups: WakeUps, token: UUID, *, other_processes: bool) -> None:
        self._url = url
        self._wake_ups = wake_ups
        self._token = token.hex
        self._other_processes = other_processes
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._announced: set[str] = set()
        self._sender: asyncio.Task[None] | None = None
        self._leases: dict[int, set[int]] = {}

    def open(self) -> None:
        self._keeper = asyncio.create_task(self._keep_connected(), name="bus side connection")

    async def close(self) -> None:
        for task in (self._keeper, self._sender):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                await connection.close(timeout=2)
            except OUTAGE:
                connection.terminate()

    def abort(self) -> None:
        """Cut the connection, and with it every lease."""
        for task in (self._keeper, self._sender):
            if task is not None:
                task.cancel()
        self._connected.clear()
        if self._connection is not None:
            self._connection.terminate()

    # -- staying connected

    async def _keep_connected(self) -> None:
        pause = RECONNECT_SECONDS
        while True:
            try:
                lost = await self._connect()
            except OUTAGE as error:
                logger.debug("bus side connection waits", error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, RECONNECT_MAX_SECONDS)
                continue
            pause = RECONNECT_SECONDS
            # What was announced while nobody listened is found by looking.
            self._wake_ups.wake(EVERYTHING)
            await self._until_lost(lost)
            self._connected.clear()
            self._leases.clear()

    async def _until_lost(self, lost: asyncio.Event) -> None:
        """Looks too: a connection that asyncpg itself gives up ends without a word to its listeners."""
        while not lost.is_set() and self._connection is not None and not self._connection.is_closed():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await lost.wait()

    async def _connect(self) -> asyncio.Event:
        connection = await asyncpg.connect(
            self._url,
            timeout=5,
            command_timeout=10,
            server_settings=_SESSION,
        )
        lost = asyncio.Event()

        def on_termination(_: Any) -> None:
            lost.set()

        connection.add_termination_listener(on_termination)
        if self._other_processes:
            try:
                await connection.add_listener(CHANNEL, self._hear)
            except BaseException:
                connection.terminate()
                raise
        self._connection = connection
        self._connected.set()
        return lost

    def _hear(self, _connection: Any, _pid: Any, _channel: Any, payload: object) -> None:
        token, *types = str(payload).split(" ")
        if token != self._token:
            self._wake_ups.wake(frozenset(types) if types else EVERYTHING)

    # -- telling other processes

    def announce(self, types: Iterable[str]) -> None:
        """Tell the other processes' readers; announcements within 10 ms go out as one."""
        if not self._other_processes:
            return
        self._announced.update(types)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_announcements(), name="bus notify")

    async def _send_announcements(self) -> None:
        while self._announced:
            await self._connected.wait()
            payload = " ".join((self._token, *sorted(self._announced)))
            self._announced.clear()
            if len(payload.encode()) > PAYLOAD_MAX_BYTES:
                payload = self._token
            try:
                async with self._lock:
                    assert self._connection is not None
                    await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
            except OUTAGE as error:
                logger.debug("bus notification lost, readers look by themselves", error=str(error))
            await asyncio.sleep(self._wake_ups.pause_seconds)

    # -- leases

    async def share(self, group_id: int, partitions_count: int) -> frozenset[int]:
        """The partitions of this replica, after taking free ones and giving back those over its share.

        Raises what a lost connection raises; then every lease is gone.
        """
        await self._connected.wait()
        async with self._lock:
            connection = self._connection
            if connection is None or connection.is_closed():
                raise ConnectionError("the bus' side connection is lost")
            try:
                return await self._share(connection, group_id, partitions_count)
            except TimeoutError:
                # Nobody answers: the connection is given up, and its leases with it.
                connection.terminate()
                raise

    async def _share(
        self, connection: asyncpg.Connection, group_id: int, partitions_count: int
    ) -> frozenset[int]:
        if group_id not in self._leases:
            await leases.join(connection, group_id)
            self._leases[group_id] = set()
            self.announce((REBALANCE,))
        mine = self._leases[group_id]
        before = frozenset(mine)
        await leases.balance(connection, group_id, partitions_count, mine)
        if before - mine:
            self.announce((REBALANCE,))
        return frozenset(mine)

    def holds(self, group_id: int) -> frozenset[int]:
        """The leases that are still good, as far as this process knows."""
        return frozenset(self._leases.get(group_id, ()))

    async def leave(self, group_id: int) -> None:
        """Give back all partitions of a group."""
        async with self._lock:
            mine = self._leases.pop(group_id, None)
            connection = self._connection
            if mine is None or connection is None or connection.is_closed():
                return
            with contextlib.suppress(*OUTAGE):
                await leases.leave(connection, group_id, mine)
        self.announce((REBALANCE,))
