"""One open stream: what it missed, then what happens, until its client, its token or its pace ends it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from chassis.bus.transport import TailBelowLowWater, UnknownTailPosition
from chassis.peers import PeerUnavailable
from chassis.visibility.event import LiveEvent
from chassis.visibility.rights import may_see
from events.visibility import NAMES_SHOWN, NOBODY
from gateway.live import frames
from gateway.live.hub import POSITION_GONE, RETRY_SECONDS, union_filter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from chassis.bus.transport import Tailed
    from chassis.clock import Clock
    from chassis.revocations.follower import RevocationFollower
    from chassis.visibility.rights import Viewer
    from gateway.live.callers import LiveCaller
    from gateway.live.hub import LiveHub

REPEATS_KNOWN = 1_000
"""Events at the end of a replay that the hub may offer again."""
BATCH_BYTES = 65_536
NOBODY_SEES: Mapping[str, object] = {shown.parameter: NOBODY for shown in NAMES_SHOWN.values()}


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """See the settings of the gateway that begin with `live_`."""

    queue_max: int
    heartbeat_seconds: float
    replay_max: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; None for any. `after`: the position that the client has."""

    union_id: UUID | None
    types: frozenset[str] | None
    after: str | None


class LiveStream:
    """`run` writes it; the hub offers it events; `close` ends it with a last word."""

    def __init__(
        self,
        hub: LiveHub,
        caller: LiveCaller,
        viewer: Viewer,
        wanted: Wanted,
        limits: StreamLimits,
        clock: Clock,
        revocations: RevocationFollower,
        replays: asyncio.Semaphore,
    ) -> None:
        self.caller = caller
        self._hub = hub
        self._viewer = viewer
        self._wanted = wanted
        self._limits = limits
        self._clock = clock
        self._revocations = revocations
        self._replays = replays
        self._queue: deque[LiveEvent] = deque()
        self._repeats: deque[UUID] = deque(maxlen=REPEATS_KNOWN)
        self._woken = asyncio.Event()
        self._lost: str | None = None
        self._is_slow = False
        self._end: str | None = None

    def wants(self, event: LiveEvent) -> bool:
        return union_filter(self._wanted.union_id, self._wanted.types, event)

    def offer(self, event: LiveEvent, parameters: Mapping[str, object]) -> None:
        if event.id in self._repeats or self._is_slow or not may_see(self._viewer, event, parameters):
            return
        if len(self._queue) >= self._limits.queue_max:
            self._is_slow = True
            self._queue.clear()
        else:
            self._queue.append(event)
        self._woken.set()

    def lost(self, reason: str) -> None:
        self._lost = reason
        self._queue.clear()
        self._woken.set()

    def close(self, reason: str) -> None:
        """Say why, and end."""
        self._end = self._end or reason
        self._woken.set()

    def wake(self) -> None:
        """Look whether the stream may go on."""
        self._woken.set()

    async def run(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Until it is over, or `write` fails."""
        try:
            await self._begin(write)
            while self._over() is None and not self._is_slow:
                await self._write_some(write)
            if self._is_slow:
                await write(frames.said("reset", "slow"))
            else:
                await write(frames.said("end", self._over() or ""))
        finally:
            self._hub.leave(self)

    async def _begin(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Write what the client missed, and join the hub where that ends."""
        after, lost = self._wanted.after, None
        try:
            is_ahead = after is None or self._hub.bus.covers(after, self._hub.position)
        except UnknownTailPosition:
            is_ahead, after, lost = True, None, "position_unknown"
        if is_ahead:
            self._hub.join(self)
        await write(frames.opening(after or self._hub.position))
        if not is_ahead and after is not None:
            try:
                async with self._replays:
                    lost = await self._replay(write, after)
            except TailBelowLowWater:
                lost = POSITION_GONE
            except UnknownTailPosition:
                lost = "position_unknown"
        if lost is not None:
            self._hub.join(self)
            await write(frames.said("reset", lost, self._hub.position))

    async def _replay(self, write: Callable[[bytes], Awaitable[None]], after: str) -> str | None:
        """Read from the bus what follows, until the hub has it before it; else why not all was read."""
        tail = cast("AsyncGenerator[Tailed]", self._hub.bus.tail(None, after))
        async with aclosing(tail):
            async for tailed in _counted(tail, self._limits.replay_max):
                event = LiveEvent.of(tailed)
                if event is not None and self.wants(event):
                    parameters = await self._parameters_of(event)
                    if may_see(self._viewer, event, parameters):
                        await write(frames.event_frame(event))
                self._repeats.append(tailed.envelope.id)
                if self._over() is not None:
                    return None
                if self._hub.bus.covers(tailed.position, self._hub.position):
                    self._hub.join(self)
                    return None
        return "too_far_behind"

    async def _parameters_of(self, event: LiveEvent) -> Mapping[str, object]:
        """What the charter says, as soon as identity tells; of a stream that is over, nothing."""
        while self._over() is None:
            try:
                return await self._hub.parameters_of(event)
            except PeerUnavailable:
                await asyncio.sleep(RETRY_SECONDS)
        return NOBODY_SEES

    async def _write_some(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        """What is in the queue; where nothing comes for a heartbeat, a comment."""
        if self._lost is not None:
            lost, self._lost = self._lost, None
            await write(frames.said("reset", lost, self._hub.position))
        if self._queue:
            lines = bytearray()
            while self._queue and len(lines) < BATCH_BYTES:
                lines += frames.event_frame(self._queue.popleft())
            await write(bytes(lines))
            return
        self._woken.clear()
        left_seconds = self.caller.good_until - self._clock.now().timestamp()
        try:
            async with asyncio.timeout(max(0.0, min(self._limits.heartbeat_seconds, left_seconds))):
                await self._woken.wait()
        except TimeoutError:
            if not self._queue and self._over() is None:
                await write(frames.beat(self._hub.position))

    def _over(self) -> str | None:
        """Why the stream may not go on; None while it may."""
        if self._end is not None:
            return self._end
        caller = self.caller
        if caller.session_id is not None:
            if self._revocations.view.has_ended(caller.session_id, caller.device_key_id):
                return "session_ended"
            if not self._revocations.is_good_for_reads:
                return "unverifiable"
        if caller.good_until <= self._clock.now().timestamp():
            return "time_over" if caller.session_id is None else "token_expired"
        return None


async def _counted(tail: AsyncIterator[Tailed], most: int) -> AsyncIterator[Tailed]:
    """The first of them."""
    count = 0
    async for tailed in tail:
        yield tailed
        count += 1
        if count >= most:
            return
