"""The same events by the page, for clients that ask rather than listen: bounded in time and in size."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chassis.visibility.event import LiveEvent
from chassis.visibility.rights import may_see
from gateway.live.hub import union_filter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chassis.bus.transport import Tailed
    from chassis.visibility.rights import Viewer
    from gateway.live.hub import LiveHub
    from gateway.live.stream import Wanted


@dataclass(frozen=True, slots=True)
class PageLimits:
    """`items_max` shown of at most `scanned_max` read; it ends after `bytes_max` or `wait_seconds`, too."""

    items_max: int
    scanned_max: int
    bytes_max: int
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class EventPage:
    """CloudEvents in JSON, and the position to read on from."""

    items: Sequence[bytes]
    next_after: str

    def json(self) -> bytes:
        """Positions are letters, digits and marks that JSON leaves as they are."""
        return b'{"items":[%b],"next_after":"%b"}' % (b",".join(self.items), self.next_after.encode())


async def read_page(
    hub: LiveHub, viewer: Viewer, wanted: Wanted, after: str, limits: PageLimits
) -> EventPage:
    """What follows a position, as far as the bus goes now.

    Raises UnknownTailPosition, TailBelowLowWater, BusUnavailable, PeerUnavailable.
    """
    hub.bus.covers(after, after)  # a position that is none is refused, however long the bus takes
    page = _Reading(hub, viewer, wanted, after, limits)
    try:
        async with asyncio.timeout(limits.wait_seconds):
            end = await hub.position_of_now()
            if not hub.bus.covers(after, end):
                await page.read_until(end)
    except TimeoutError:
        pass
    return EventPage(page.items, page.position)


class _Reading:
    """What was read so far: it counts even where the time is over."""

    def __init__(self, hub: LiveHub, viewer: Viewer, wanted: Wanted, after: str, limits: PageLimits) -> None:
        self.items: list[bytes] = []
        self.position = after
        self._hub = hub
        self._viewer = viewer
        self._wanted = wanted
        self._limits = limits

    async def read_until(self, end: str) -> None:
        scanned_count = size_bytes = 0
        tail = cast("AsyncGenerator[Tailed]", self._hub.bus.tail(None, self.position))
        async with aclosing(tail):
            async for tailed in tail:
                shown = await self._shown(tailed)
                if shown is not None:
                    size_bytes += len(shown)
                    if self.items and size_bytes > self._limits.bytes_max:
                        return
                    self.items.append(shown)
                self.position = tailed.position
                scanned_count += 1
                if len(self.items) >= self._limits.items_max or scanned_count >= self._limits.scanned_max:
                    return
                if self._hub.bus.covers(tailed.position, end):
                    return

    async def _shown(self, tailed: Tailed) -> bytes | None:
        event = LiveEvent.of(tailed)
        if event is None or not union_filter(self._wanted.union_id, self._wanted.types, event):
            return None
        parameters = await self._hub.parameters_of(event)
        return event.json if may_see(self._viewer, event, parameters) else None
