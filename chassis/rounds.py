"""Work that comes due: looked for again and again, and done in rounds, so many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

COUNTED_EVERY = timedelta(seconds=10)

logger = structlog.get_logger(__name__)


class Rounds:
    """`name` is a word for the log; a look begins rounds for what it leases, at most `free_count`."""

    def __init__(self, name: str, at_once_max: int, poll_seconds: float) -> None:
        self._name = name
        self._at_once_max = at_once_max
        self._poll_seconds = poll_seconds
        self._running: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._counted_at: datetime | None = None

    @property
    def free_count(self) -> int:
        return self._at_once_max - len(self._running)

    def is_time_to_count(self, now: datetime) -> bool:
        """At most every ten seconds: figures of what waits cost a look at all of it."""
        if self._counted_at is not None and now - self._counted_at < COUNTED_EVERY:
            return False
        self._counted_at = now
        return True

    def wake(self) -> None:
        """Something new may be due."""
        self._woken.set()

    async def run(self, look: Callable[[], Awaitable[object]]) -> None:
        """Until cancelled; the rounds that run end with it."""
        try:
            while True:
                self._woken.clear()
                try:
                    await look()
                except Exception as error:  # noqa: BLE001 - what was due is still due
                    logger.warning(f"{self._name} wait", reason=repr(error))
                await self._rest()
        finally:
            await self.close()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=self._name)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def settle(self) -> None:
        """Until the rounds that run have ended."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await self.settle()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()
        if not task.cancelled() and task.exception() is not None:
            logger.warning(f"a round of {self._name} was broken off", reason=repr(task.exception()))

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._poll_seconds):
                await self._woken.wait()
        except TimeoutError:
            return
