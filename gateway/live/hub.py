"""One tail of the bus a process, shared by all its streams; it runs while there is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import structlog
from prometheus_client import Gauge

from chassis.bus.transport import TailBelowLowWater, UnknownTailPosition
from chassis.peers import PeerUnavailable
from chassis.visibility.event import LiveEvent

if TYPE_CHECKING:
    from chassis.bus.transport import Transport
    from gateway.live.standings import Standings

logger = structlog.get_logger(__name__)

RETRY_SECONDS = 0.5
BUS_SECONDS = 5
POSITION_GONE = "position_gone"
open_streams = Gauge("guildhall_live_streams", "Streams of events that are open in this process")


class BusUnavailable(Exception):
    """The bus does not say where it stands."""


class Listening(Protocol):
    """A stream, as the hub knows it."""

    def wants(self, event: LiveEvent) -> bool:
        """Whether it asked for events of this type and union."""
        ...

    def offer(self, event: LiveEvent, parameters: Mapping[str, object]) -> None:
        """Take the event, where its viewer may be shown it."""
        ...

    def lost(self, reason: str) -> None:
        """Events may be missing before what comes next."""
        ...


class LiveHub:
    """`position`: every event up to it was offered to all that had joined by then."""

    def __init__(self, bus: Transport, standings: Standings) -> None:
        self.bus = bus
        self.position = ""
        self._standings = standings
        self._joined: set[Listening] = set()
        self._users_count = 0
        self._starting = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def tailing(self) -> AsyncGenerator[None]:
        """The tail runs while entered. Raises BusUnavailable."""
        self._users_count += 1
        open_streams.set(self._users_count)
        try:
            async with self._starting:
                if self._following is None:
                    self.position = await self.position_of_now()
                    self._following = asyncio.create_task(self._follow(), name="gateway tails the bus")
            yield
        finally:
            self._users_count -= 1
            open_streams.set(self._users_count)
            if not self._users_count and self._following is not None:
                self._following.cancel()
                self._following = None

    async def position_of_now(self) -> str:
        """Where the bus ends. Raises BusUnavailable."""
        try:
            async with asyncio.timeout(BUS_SECONDS):
                return await self.bus.tail_position()
        except Exception as error:
            raise BusUnavailable(repr(error)) from error

    def join(self, stream: Listening) -> None:
        """Offer it every event after `position`."""
        self._joined.add(stream)

    def leave(self, stream: Listening) -> None:
        self._joined.discard(stream)

    async def parameters_of(self, event: LiveEvent) -> Mapping[str, object]:
        """What the charter of the event's union says; of no union, nothing. Raises PeerUnavailable."""
        return {} if event.union_id is None else await self._standings.parameters_of(event.union_id)

    async def _follow(self) -> None:
        while True:
            try:
                async for tailed in self.bus.tail(None, self.position):
                    event = LiveEvent.of(tailed)
                    if event is not None:
                        await self._hand_out(event)
                    self.position = tailed.position
            except (TailBelowLowWater, UnknownTailPosition):
                await self._start_afresh()
            except Exception as error:  # noqa: BLE001 - the next try reads on from the same position
                logger.warning("the bus cannot be tailed", reason=repr(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _hand_out(self, event: LiveEvent) -> None:
        try:
            self._standings.hear(event)
        except (ValueError, KeyError) as error:
            logger.warning("an event says nothing that can be read", type=event.type, reason=repr(error))
            return
        parameters: Mapping[str, object] | None = None
        while parameters is None and any(stream.wants(event) for stream in self._joined):
            try:
                parameters = await self.parameters_of(event)
            except PeerUnavailable:
                # Nobody is shown what the charter may forbid; nobody misses it either.
                await asyncio.sleep(RETRY_SECONDS)
        if parameters is None:
            return
        # No await from here until the position has moved on: who joins gets each event once.
        for stream in [*self._joined]:
            if stream.wants(event):
                stream.offer(event, parameters)

    async def _start_afresh(self) -> None:
        try:
            self.position = await self.position_of_now()
        except BusUnavailable:
            await asyncio.sleep(RETRY_SECONDS)
            return
        for stream in [*self._joined]:
            stream.lost(POSITION_GONE)


def union_filter(union_id: UUID | None, types: frozenset[str] | None, event: LiveEvent) -> bool:
    """Whether an event is of the union and of one of the types that were asked for; None: of any.

    What is of no union, as it concerns a member's own account, comes with every union.
    """
    is_of_it = union_id is None or event.union_id in (union_id, None)
    return is_of_it and (types is None or event.type in types)
