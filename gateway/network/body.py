"""A request's body on its way from a client to a service: bounded in bytes and in time, never held whole.

A body that is small and there is kept, so that a request that may be repeated can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.types import Receive, Scope

from chassis.problems import BODY_TOO_LARGE, Problem, ProblemType

KEPT_BYTES_MAX = 65_536
BODY_TOO_SLOW = ProblemType(
    "body-too-slow",
    408,
    "The request body did not arrive in time",
    "A body is sent within {limit_seconds} seconds.",
)
LENGTH_UNREADABLE = ProblemType(
    "length-unreadable", 400, "The length of the request body is not clear", "Send one Content-Length."
)


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class RequestBody:
    """`kept` is the whole body once `gather` has found that it is small; else `stream` sends it once."""

    def __init__(self, scope: Scope, receive: Receive, bytes_max: int, seconds_max: int) -> None:
        self.declared_bytes, self.is_expected = _declared(scope)
        self.kept: bytes | None = b"" if not self.is_expected else None
        self.is_complete = not self.is_expected
        self.has_begun = False
        self.failure: Problem | ClientGone | None = None
        self._receive = receive
        self._bytes_max = bytes_max
        self._seconds_max = seconds_max
        self._arrived: list[bytes] = []
        self._arrived_bytes = 0

    async def gather(self) -> None:
        """Keeps a body of few bytes whole, and the beginning of another. Raises Problem, ClientGone."""
        if self.is_complete:
            return
        async with _in_time(self._seconds_max):
            while not self.is_complete and self._arrived_bytes <= KEPT_BYTES_MAX:
                self._arrived.append(await self._part())
        if self.is_complete:
            self.kept = b"".join(self._arrived)

    async def stream(self) -> AsyncGenerator[bytes]:
        """Everything, once. What ends it early is in `failure`, whoever is told of it."""
        self.has_begun = True
        for part in self._arrived:
            yield part
        self._arrived.clear()
        try:
            while not self.is_complete:
                async with _in_time(self._seconds_max):
                    part = await self._part()
                yield part
        except (Problem, ClientGone) as failure:
            self.failure = failure
            raise

    async def _part(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        self._arrived_bytes += len(part)
        if self._arrived_bytes > self._bytes_max:
            raise Problem(BODY_TOO_LARGE, {"limit_bytes": self._bytes_max})
        self.is_complete = not message.get("more_body", False)
        return part


@asynccontextmanager
async def _in_time(seconds_max: int) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds_max):
            yield
    except TimeoutError:
        raise Problem(BODY_TOO_SLOW, {"limit_seconds": seconds_max}) from None


def _declared(scope: Scope) -> tuple[int | None, bool]:
    """The length of the body where it is said, and whether there is a body. Raises Problem."""
    lengths: set[bytes] = set()
    is_chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            lengths.add(value)
        elif name == b"transfer-encoding":
            is_chunked = True
    if is_chunked and not lengths:
        return None, True
    if is_chunked or len(lengths) > 1 or not all(length.isdigit() for length in lengths):
        raise Problem(LENGTH_UNREADABLE)
    length = int(lengths.pop()) if lengths else 0
    return length, length > 0
