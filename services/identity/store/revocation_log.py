"""Reads the log of what has ended: at once where there is something, else as soon as there is.

All readers that wait share one look at the database: the newest number, every `revocation_look_ms`, and at
once when this process has committed an entry.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from services.identity.store import revocations
from services.identity.store.revocations import RecordedRevocation

if TYPE_CHECKING:
    from chassis.clock import Clock
    from chassis.database import Database
    from services.identity.settings import IdentitySettings

CLOCKS_DIFFER = timedelta(seconds=60)


class RevocationLog:
    """Identity's own way to the log; it answers the others over HTTP from here."""

    def __init__(self, database: Database, clock: Clock, settings: IdentitySettings) -> None:
        self._database = database
        self._clock = clock
        self._tokens_live = CLOCKS_DIFFER + timedelta(
            seconds=settings.access_token_seconds + settings.internal_token_seconds
        )
        self._memberships_kept = timedelta(days=settings.revocation_kept_days)
        self._page_max = settings.revocation_page_max_count
        self._look_seconds = settings.revocation_look_ms / 1_000
        self._head = 0
        self._looked_at = 0.0
        self._woken = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """This process has committed an entry."""
        self._woken.set()

    async def read(self, after: int, wait_seconds: float) -> RevocationPage:
        """The page after a number; an empty one after `wait_seconds`. A number beyond the head is answered
        at once: its reader followed another log."""
        came_at = time.monotonic()
        page = await self._page(after, came_at)
        while page.head == after and (left := came_at + wait_seconds - time.monotonic()) > 0:
            if not await self._news(after, left):
                return RevocationPage((), after, after, max(0.0, self._looked_at - came_at))
            page = await self._page(after, came_at)
        return page

    async def _page(self, after: int, came_at: float) -> RevocationPage:
        looked_at = time.monotonic()
        now = self._clock.now()
        head, entries = await revocations.read_after(
            self._database.hot_reads(),
            after,
            now - self._tokens_live,
            now - self._memberships_kept,
            self._page_max,
        )
        is_whole = len(entries) < self._page_max
        return RevocationPage(
            items=tuple(self._told(entry) for entry in entries),
            head=head,
            next_after=head if is_whole else entries[-1].number,
            waited_seconds=looked_at - came_at,
        )

    def _told(self, entry: RecordedRevocation) -> Revocation:
        is_membership = entry.kind in (RevocationKind.MEMBERSHIP, RevocationKind.RIGHTS)
        return Revocation(
            number=entry.number,
            kind=entry.kind,
            subject=entry.subject,
            member_id=entry.member_id,
            until=entry.recorded_at + (self._memberships_kept if is_membership else self._tokens_live),
            version=entry.version,
            state=entry.state,
        )

    async def _news(self, after: int, within_seconds: float) -> bool:
        """Whether the head has moved; False when the time is over, and the last look says that it has not."""
        deadline = time.monotonic() + within_seconds
        while self._head <= after:
            if self._looking is None:
                self._looking = asyncio.create_task(self._look(), name="identity looks at what has ended")
                self._looking.add_done_callback(self._looked)
            looking = self._looking
            await asyncio.wait({looking}, timeout=max(0.0, deadline - time.monotonic()))
            if not looking.done():
                return False
            looking.result()
        return True

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(self._look_seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()
        looked_at = time.monotonic()
        self._head = await revocations.read_head(self._database.hot_reads())
        self._looked_at = looked_at

    def _looked(self, task: asyncio.Task[None]) -> None:
        self._looking = None
        if not task.cancelled():
            task.exception()  # told to the readers that wait
