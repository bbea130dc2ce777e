"""`GET /v1/events`: limits, rights and the bus joined, as a bare ASGI handler."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.types import Message, Receive, Scope, Send

from chassis.bus.transport import TailBelowLowWater, UnknownTailPosition
from chassis.problems import METHOD_NOT_ALLOWED, NOT_FOUND, UNAVAILABLE, Problem
from gateway.live import frames
from gateway.live.asking import Asked, read_asked
from gateway.live.callers import LiveCaller, caller_of_ticket
from gateway.live.hub import BusUnavailable, LiveHub
from gateway.live.page import PageLimits, read_page
from gateway.live.problems import POSITION_GONE, POSITION_UNKNOWN
from gateway.live.slots import StreamSlots
from gateway.live.standings import Standings
from gateway.live.stream import LiveStream, StreamLimits, Wanted

if TYPE_CHECKING:
    from chassis.bus.transport import Transport
    from chassis.clock import Clock
    from chassis.peers import Peers
    from chassis.revocations.follower import RevocationFollower
    from chassis.revocations.log import Revocation
    from chassis.visibility.rights import Viewer
    from gateway.settings import GatewaySettings

STREAM_HEADERS = [
    (b"content-type", frames.MEDIA_TYPE),
    (b"cache-control", b"no-store"),
    # nginx and its like would keep the events back until a buffer is full.
    (b"x-accel-buffering", b"no"),
]


class LiveEvents:
    """All streams of this process."""

    def __init__(
        self,
        settings: GatewaySettings,
        bus: Transport,
        peers: Peers,
        revocations: RevocationFollower,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._peers = peers
        self._revocations = revocations
        self._clock = clock
        self._standings = Standings(peers, settings.live_unions_max_count)
        self._hub = LiveHub(bus, self._standings)
        self._slots = StreamSlots(settings.live_streams_max_count)
        self._replays = asyncio.Semaphore(settings.live_replays_max_count)
        self._streams: set[LiveStream] = set()
        self._stopping = False
        revocations.view.listen(self._hear)

    def asked(self, scope: Scope) -> Asked:
        """What the request asks for. Raises Problem 400, 405."""
        if scope["method"] != "GET":
            raise Problem(METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
        return read_asked(scope, self._settings.live_page_max_count)

    async def caller_of_ticket(self, ticket: str) -> LiveCaller:
        """Uses the ticket up. Raises Problem 401, PeerUnavailable."""
        return await caller_of_ticket(self._peers, ticket)

    def stop(self) -> None:
        """End every stream with a last word, as the process is about to stop."""
        self._stopping = True
        for stream in [*self._streams]:
            stream.close("stopping")

    async def answer(
        self, scope: Scope, receive: Receive, send: Send, caller: LiveCaller, asked: Asked
    ) -> None:
        """A stream, or a page. Raises Problem, PeerUnavailable before the answer has begun."""
        if self._stopping:
            raise Problem(UNAVAILABLE, headers={"Retry-After": "1"})
        try:
            if caller.session_id is not None:
                await self._revocations.ensure(for_act=False)
            async with AsyncExitStack() as stack:
                stack.enter_context(self._slots.taken(caller.counted_as, self._each_max(caller)))
                viewer = await stack.enter_async_context(self._standings.looking(caller.member_id))
                wanted = Wanted(await self._union_id(asked.union), asked.types, asked.after)
                if asked.by_page:
                    async with self._replays:
                        body = await self._page(viewer, wanted, asked.limit)
                    await _send_json(send, body)
                else:
                    await stack.enter_async_context(self._hub.tailing())
                    await self._stream(receive, send, caller, viewer, wanted)
        except BusUnavailable as error:
            raise Problem(UNAVAILABLE, headers={"Retry-After": "1"}) from error

    def _each_max(self, caller: LiveCaller) -> int:
        settings = self._settings
        is_member = caller.member_id is not None
        return settings.live_streams_per_member_max if is_member else settings.live_streams_per_address_max

    async def _union_id(self, union: str | None) -> UUID | None:
        if union is None:
            return None
        found = await self._standings.union_id_of(union)
        if found is None:
            raise Problem(NOT_FOUND)
        return found

    async def _page(self, viewer: Viewer, wanted: Wanted, limit: int) -> bytes:
        settings = self._settings
        limits = PageLimits(
            items_max=limit,
            scanned_max=settings.live_page_scanned_max,
            bytes_max=settings.live_page_max_bytes,
            wait_seconds=settings.live_page_wait_ms / 1_000,
        )
        try:
            after = wanted.after or await self._hub.position_of_now()
            return (await read_page(self._hub, viewer, wanted, after, limits)).json()
        except UnknownTailPosition as error:
            raise Problem(POSITION_UNKNOWN) from error
        except TailBelowLowWater as error:
            raise Problem(POSITION_GONE) from error

    async def _stream(
        self, receive: Receive, send: Send, caller: LiveCaller, viewer: Viewer, wanted: Wanted
    ) -> None:
        settings = self._settings
        limits = StreamLimits(
            queue_max=settings.live_queue_max_count,
            heartbeat_seconds=settings.live_heartbeat_seconds,
            replay_max=settings.live_replay_max_count,
        )
        stream = LiveStream(
            self._hub, caller, viewer, wanted, limits, self._clock, self._revocations, self._replays
        )

        async def write(lines: bytes) -> None:
            async with asyncio.timeout(settings.live_send_seconds):
                await send({"type": "http.response.body", "body": lines, "more_body": True})

        self._streams.add(stream)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*STREAM_HEADERS]})
            if await _first_of(stream.run(write), _disconnected(receive)):
                await send({"type": "http.response.body", "body": b""})
        except (TimeoutError, OSError):
            # The client takes nothing, or has gone: there is nobody to tell.
            return
        finally:
            self._streams.discard(stream)

    def _hear(self, entry: Revocation) -> None:
        self._standings.end(entry)
        for stream in self._streams:
            if stream.caller.member_id == entry.member_id:
                stream.wake()


async def _first_of(work: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> bool:
    """Run both until one ends, and cancel the other; whether it was `work`, whose failure is raised."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(other)
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return True
        return False
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    message: Message = {"type": "http.request"}
    while message["type"] != "http.disconnect":
        message = await receive()


async def _send_json(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
