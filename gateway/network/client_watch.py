"""Ends work for a client that has gone away: nobody would read the answer."""

from __future__ import annotations

import asyncio
from types import TracebackType

from starlette.types import Receive

from gateway.network.body import ClientGone

_BEGINS_AFTER_SECONDS = 0.05
"""Most answers are there before it: watching each from its beginning would cost more than it saves."""


class ClientWatch:
    """While entered, after the body has been received whole. Raises ClientGone out of what is entered."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._timer: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None
        self._work: asyncio.Task[object] | None = None
        self._has_gone = False

    def __enter__(self) -> None:
        self._work = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(_BEGINS_AFTER_SECONDS, self._begin)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._timer is not None and self._work is not None
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if self._has_gone and self._work.uncancel() <= 0 and isinstance(error, asyncio.CancelledError):
            raise ClientGone from None

    def _begin(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        assert self._work is not None
        self._has_gone = True
        self._work.cancel()
