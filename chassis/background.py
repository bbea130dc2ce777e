"""Work that a process does beside its requests: loops that outlive outages and end when told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

logger = structlog.get_logger(__name__)


class Background:
    """The loops of one service; started with it, cancelled and awaited with it."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run a loop that handles its own failures; one that ends by itself is logged."""
        task = asyncio.create_task(work, name=f"{self._service} {name}")
        task.add_done_callback(_log_failure)
        self._tasks.append(task)

    def every(self, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` again and again, this long after it ended; a failure is logged and it goes on."""
        self.run(name, self._repeat(seconds, name, work))

    async def _repeat(self, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - a loop outlives whatever one round meets
                logger.warning("background work failed", service=self._service, work=name, reason=repr(error))
            await asyncio.sleep(seconds)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("background work ended", work=task.get_name(), exc_info=task.exception())
