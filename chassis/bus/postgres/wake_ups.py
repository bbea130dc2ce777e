"""Wakes the readers of this process when there is something of theirs to read, at most every 10 ms."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

PAUSE_SECONDS = 0.01
EVERYTHING: frozenset[str] = frozenset()
REBALANCE = "*"
"""Announced in the place of a type when a replica joins or leaves a group: every reader looks."""


class Sleeper:
    """One reader: `woken` is set when it should look."""

    def __init__(self, types: frozenset[str] | None) -> None:
        self.types = types
        self.woken = asyncio.Event()
        self.rebalance = False

    async def sleep(self, timeout_seconds: float) -> bool:
        """Until woken (True) or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self.woken.wait()
        # Asked anew, since both may happen in one turn of the loop.
        woken = self.woken.is_set()
        self.woken.clear()
        return woken


class WakeUps:
    """The readers of one process. Wake-ups within 10 ms of one another come as one."""

    def __init__(self, pause_seconds: float = PAUSE_SECONDS) -> None:
        self.pause_seconds = pause_seconds
        self._sleepers: set[Sleeper] = set()
        self._pending: set[str] = set()
        self._everything = False
        self._timer: asyncio.TimerHandle | None = None
        self._last = float("-inf")

    def sleeper(self, types: Collection[str] | None) -> Sleeper:
        """A new reader of some types, or of all."""
        sleeper = Sleeper(None if types is None else frozenset(types))
        self._sleepers.add(sleeper)
        return sleeper

    def forget(self, sleeper: Sleeper) -> None:
        self._sleepers.discard(sleeper)

    def wake(self, types: Collection[str]) -> None:
        """Wake the readers of these types; EVERYTHING wakes all."""
        self._pending.update(types)
        self._everything = self._everything or not types
        if self._timer is None:
            loop = asyncio.get_running_loop()
            due = max(loop.time(), self._last + self.pause_seconds)
            self._timer = loop.call_at(due, self._wake_now)

    def _wake_now(self) -> None:
        self._timer = None
        self._last = asyncio.get_running_loop().time()
        pending, everything = self._pending, self._everything
        self._pending, self._everything = set(), False
        rebalance = everything or REBALANCE in pending
        for sleeper in self._sleepers:
            if rebalance or sleeper.types is None or not sleeper.types.isdisjoint(pending):
                sleeper.rebalance = sleeper.rebalance or rebalance
                sleeper.woken.set()
