"""Replicas of a service that do as a test tells them: raw servers, so that they can break off anywhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


@dataclass(slots=True)
class Asked:
    """A request as it came in. Header names are in lower case."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


Act = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Replica:
    """Answers OK, until `act` says otherwise; `ready` is its answer at /readyz. `asked` leaves that out."""

    act: Act | None = None
    ready: bytes = OK
    port: int = 0
    asked: list[Asked] = field(default_factory=list[Asked])
    aborted: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """As the end of its process: connections are cut, and none is taken."""
        if self._server is not None:
            self._server.close()
        for writer in [*self._writers]:
            writer.transport.abort()
        self._server = None
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while asked := await _read(reader):
                if asked.target == "/readyz":
                    writer.write(self.ready)
                    continue
                self.asked.append(asked)
                if self.act is None:
                    writer.write(OK)
                    continue
                acting = asyncio.ensure_future(self.act(asked, writer))
                closed = asyncio.ensure_future(reader.read(1))
                await asyncio.wait({acting, closed}, return_when=asyncio.FIRST_COMPLETED)
                if not acting.done():
                    self.aborted.set()
                acting.cancel()
                closed.cancel()
                return
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    named = dict(headers)
    body = b""
    if "chunked" in named.get("transfer-encoding", ""):
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    elif "content-length" in named:
        body = await reader.readexactly(int(named["content-length"]))
    return Asked(method, target, headers, body)


async def cut(_: Asked, writer: asyncio.StreamWriter) -> None:
    """The process is gone in the middle of the request."""
    writer.transport.abort()


async def hang(_: Asked, __: asyncio.StreamWriter) -> None:
    """It never answers."""
    await asyncio.sleep(3_600)


def says(answer: bytes) -> Act:
    """It sends these bytes and closes."""

    async def act(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        await writer.drain()

    return act


@asynccontextmanager
async def replicas(count: int) -> AsyncGenerator[list[Replica]]:
    made = [Replica() for _ in range(count)]
    for one in made:
        await one.start()
    try:
        yield made
    finally:
        for one in made:
            with contextlib.suppress(OSError):
                await one.stop()
