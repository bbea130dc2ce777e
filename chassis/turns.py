"""Who asks first is served first: before a pool whose own queue lets who comes late overtake who waits."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Turns:
    """At most `count` have a turn at once. Waiting longer than `wait_seconds` raises TimeoutError.

    asyncio's semaphore is fair; its queue, on which the pools of asyncpg and SQLAlchemy stand, is not.
    """

    def __init__(self, count: int, wait_seconds: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._wait_seconds = wait_seconds
        self._taken_count = 0

    @property
    def taken_count(self) -> int:
        return self._taken_count

    async def take(self) -> None:
        if self._free.locked():
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        else:
            await self._free.acquire()
        self._taken_count += 1

    def give(self) -> None:
        self._taken_count -= 1
        self._free.release()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """One, for as long as entered."""
        await self.take()
        try:
            yield
        finally:
            self.give()
