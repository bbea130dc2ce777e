"""Events of a union on the session's broker, and programs that read them."""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from tests.guildhall.publisher.house import Bus, Identity, publisher

EVENTS = 30
SAID_SECONDS = 60


async def publish(bus: Bus, union_id: UUID) -> list[int]:
    """A union in so many versions; which ones."""
    versions = list(range(1, EVENTS + 1))
    async with publisher(bus, Identity()):
        await bus.append(*(bus.event("union", union_id, version=version) for version in versions))
        await bus.public(union_id, EVENTS)
    return versions


@contextmanager
def running(arguments: Sequence[str], said: Path, **environment: str) -> Generator[subprocess.Popen[bytes]]:
    with said.open("wb") as out:
        process = subprocess.Popen(
            arguments, stdout=out, stderr=subprocess.STDOUT, env=os.environ | environment
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def lines_of(said: Path, count: int, beginning: str = "") -> list[str]:
    deadline = time.monotonic() + SAID_SECONDS
    while len(lines := read_lines(said, beginning)) < count:
        assert time.monotonic() < deadline, lines
        await asyncio.sleep(0.1)
    return lines


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def read_lines(said: Path, beginning: str = "") -> list[str]:
    return [line for line in said.read_text().splitlines() if line.startswith(beginning)]
