"""Somebody's endpoint on loopback: it answers as a test wants, and keeps what was sent."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answering = Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Told",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "Content-Length: 0", "", ""]).encode()


@dataclass(slots=True)
class Received:
    """One request; names of headers in lower case."""

    head: str
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        lines = (line.partition(":") for line in self.head.split("\r\n")[1:] if line)
        return {name.lower(): value.strip() for name, _, value in lines}


@dataclass(slots=True)
class Receiver:
    """`answers` are given in turn, the last one again and again."""

    port: int
    answers: list[bytes | Answering]
    got: list[Received] = field(default_factory=list[Received])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def next_answer(self) -> bytes | Answering:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@asynccontextmanager
async def receiving(*answers: bytes | Answering) -> AsyncGenerator[Receiver]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            received = Received((await reader.readuntil(b"\r\n\r\n")).decode(), b"")
            received.body = await reader.readexactly(int(received.headers.get("content-length", "0")))
            receiver.got.append(received)
            told = receiver.next_answer()
            if isinstance(told, bytes):
                writer.write(told)
            else:
                await told(writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    receiver = Receiver(server.sockets[0].getsockname()[1], list(answers))
    try:
        yield receiver
    finally:
        server.close()
