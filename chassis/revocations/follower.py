"""Follows the log for one process, and asks identity where the view is too old for an act."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Gauge

from chassis.peers import PeerUnavailable

if TYPE_CHECKING:
    from chassis.revocations.log import RevocationSource
    from chassis.revocations.settings import RevocationSettings
    from chassis.revocations.view import RevocationView

logger = structlog.get_logger(__name__)

RETRY_SECONDS = 0.1
RETRY_MAX_SECONDS = 1.0
view_age_seconds = Gauge(
    "guildhall_revocation_view_age_seconds",
    "How long ago the process' view of ended sessions, keys and memberships was complete",
    ["service"],
)


class RevocationFollower:
    """One long poll after another; `ensure` is what a request waits for, and it rarely waits."""

    def __init__(
        self, view: RevocationView, source: RevocationSource, settings: RevocationSettings, service: str
    ) -> None:
        self.view = view
        self._source = source
        self._service = service
        self._wait_seconds = settings.revocation_wait_ms / 1_000
        self._ask_seconds = settings.revocation_ask_ms / 1_000
        self._act_age_max_seconds = settings.revocation_age_max_ms / 1_000
        self._read_age_max_seconds = float(settings.revocation_read_age_max_seconds)
        self._asking: asyncio.Task[None] | None = None

    @property
    def is_good_for_reads(self) -> bool:
        """Whether reads may go on with what this process knows."""
        return self.view.age_seconds() <= self._read_age_max_seconds

    async def run(self) -> None:
        """Follow for ever; outages are waited out, and the view grows old meanwhile."""
        view_age_seconds.labels(self._service).set_function(self.view.age_seconds)
        pause, wait_seconds = RETRY_SECONDS, 0.0
        while True:
            try:
                # Until all is known nothing is waited for: nobody can be let in before.
                is_last = await self._read(wait_seconds)
                pause, wait_seconds = RETRY_SECONDS, self._wait_seconds if is_last else 0.0
            except Exception as error:  # noqa: BLE001 - whatever one look met, the next may pass
                logger.info("what has ended cannot be read", service=self._service, reason=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_MAX_SECONDS)

    async def ensure(self, *, for_act: bool) -> None:
        """Return when the view is young enough to decide by. Raises PeerUnavailable."""
        age_max_seconds = self._act_age_max_seconds if for_act else self._read_age_max_seconds
        if self.view.age_seconds() <= age_max_seconds:
            return
        try:
            async with asyncio.timeout(self._ask_seconds):
                while self.view.age_seconds() > age_max_seconds:
                    await self._ask()
        except TimeoutError as error:
            raise PeerUnavailable("identity", "it is not known what has ended") from error

    async def _ask(self) -> None:
        """All that wait share one question.

        One that is answered is none any more, whether or not the loop has said so: waiting for it would
        give way to nobody, and the view could never grow younger.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._catch_up(), name=f"{self._service} asks what has ended")
            self._asking.add_done_callback(self._asked)
        await asyncio.shield(self._asking)

    def _asked(self, task: asyncio.Task[None]) -> None:
        if self._asking is task:
            self._asking = None
        if not task.cancelled():
            task.exception()  # told to those that waited, where any are left

    async def _catch_up(self) -> None:
        is_last = False
        while not is_last:
            is_last = await self._read(0)

    async def _read(self, wait_seconds: float) -> bool:
        asked_at = time.monotonic()
        page = await self._source.read(self.view.position, wait_seconds)
        self.view.take(page, asked_at)
        return page.is_last
