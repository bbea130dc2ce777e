"""A client of live streams that speaks ASGI: httpx' own transport would wait for a stream's end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import ASGIApp, Message

PATH = "/v1/events"
WAIT_SECONDS = 30
"""A busy machine is late; who waits for less than this is told of a defect."""


@dataclass(slots=True)
class Frame:
    """One block of a stream; `event` is empty where it only moves the position."""

    event: str = ""
    id: str = ""
    data: str = ""
    comment: str = ""

    @property
    def body(self) -> dict[str, Any]:
        return orjson.loads(self.data)


@dataclass(slots=True)
class LiveReader:
    """What a stream has said. `may_take` cleared: the client takes nothing more."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""
    last_id: str = ""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    may_take: asyncio.Event = field(default_factory=asyncio.Event)
    _frames: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue[Frame])
    _started: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._started.set()
            return
        await self.may_take.wait()
        self.content += message.get("body", b"")
        if self.headers.get("content-type", "").startswith("text/event-stream"):
            *blocks, self.content = self.content.split(b"\n\n")
            for block in blocks:
                self._frames.put_nowait(_read(block.decode()))

    async def started(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            await self._started.wait()

    async def frame(self, within_seconds: float = WAIT_SECONDS) -> Frame:
        """The next block of any kind."""
        async with asyncio.timeout(within_seconds):
            frame = await self._frames.get()
        self.last_id = frame.id or self.last_id
        return frame

    async def event(self, within_seconds: float = WAIT_SECONDS) -> Frame:
        """The next block that is an event."""
        async with asyncio.timeout(within_seconds):
            while not (frame := await self.frame(within_seconds)).event:
                pass
        return frame

    async def events(self, count: int) -> list[str]:
        """The types of the next events."""
        return [(await self.event()).event for _ in range(count)]

    async def is_silent(self, seconds: float = 0.3) -> bool:
        """Whether no event comes for so long."""
        try:
            await self.event(seconds)
        except TimeoutError:
            return True
        return False


def _read(block: str) -> Frame:
    frame = Frame()
    for line in block.splitlines():
        name, _, value = line.partition(": ")
        if name == "":
            frame.comment = value
        elif name in {"event", "id", "data"}:
            setattr(frame, name, value)
    return frame


@asynccontextmanager
async def opened(
    app: ASGIApp, query: str = "", headers: Mapping[str, str] | None = None, address: str = "127.0.0.1"
) -> AsyncGenerator[LiveReader]:
    """A request for the stream, cancelled by its client at the end."""
    reader, gone = LiveReader(), asyncio.Event()
    reader.may_take.set()
    given = {"host": "localhost", "accept": "text/event-stream"} | dict(headers or {})
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": (address, 40_000),
    }

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def serve() -> None:
        try:
            await app(scope, receive, reader.send)
        finally:
            reader.is_over.set()

    serving = asyncio.create_task(serve())
    try:
        await reader.started()
        yield reader
    finally:
        gone.set()
        reader.may_take.set()
        async with asyncio.timeout(WAIT_SECONDS):
            await serving
