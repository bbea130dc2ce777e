"""From the bus to rows: a group of its own reads the public events and queues what webhooks want.

It keeps no inbox: a delivery is unique by webhook and event, so what comes again adds nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from chassis.bus.metrics import group_lag_events
from chassis.bus.transport import GroupBelowLowWater, Tailed
from chassis.visibility.event import LiveEvent
from events.visibility import OUTSIDE_TYPES
from services.identity.webhooks.use_cases.queue_deliveries import queue_events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chassis.bus.envelope import Envelope
    from chassis.bus.transport import Subscription
    from chassis.service import Chassis

logger = structlog.get_logger(__name__)

GROUP = "identity.webhooks"
_RETRY_SECONDS = 0.1
_RETRY_MAX_SECONDS = 10.0


class Following:
    """One process' part in the group; `wake` is called when something new waits."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._fault: str | None = None
        self._pause_seconds = _RETRY_SECONDS

    def warnings(self) -> list[str]:
        """What keeps webhooks from what happens."""
        return [] if self._fault is None else [f"webhooks are told nothing: {self._fault}"]

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled; whatever breaks it off is logged, and it joins its group anew after a pause that
        doubles until events are queued again. What was not committed is read again."""
        while True:
            try:
                await self._follow(chassis)
            except Exception as error:
                logger.exception("events of webhooks begin again", group=GROUP)
                self._fault = repr(error)
                await asyncio.sleep(self._pause_seconds)
                self._pause_seconds = min(self._pause_seconds * 2, _RETRY_MAX_SECONDS)

    async def _follow(self, chassis: Chassis) -> None:
        subscription = await chassis.bus.consume(GROUP, OUTSIDE_TYPES)
        try:
            while True:
                try:
                    await self._pass_on(chassis, subscription)
                except GroupBelowLowWater as error:
                    logger.error("facts are gone that webhooks were not told", reason=str(error))
                    await chassis.bus.restart_group(GROUP)
        finally:
            await subscription.close()

    async def _pass_on(self, chassis: Chassis, subscription: Subscription) -> None:
        settings = chassis.settings
        batch = await subscription.next_batch(settings.consume_batch_max, settings.consume_wait_ms / 1_000)
        added = await self.queue(chassis, batch.events)
        await subscription.commit(batch)
        self._fault, self._pause_seconds = None, _RETRY_SECONDS
        group_lag_events.labels(group=GROUP).set(subscription.lag())
        if added:
            self._wake()

    async def queue(self, chassis: Chassis, envelopes: Sequence[Envelope]) -> int:
        """Returns how many deliveries are new."""
        read = (LiveEvent.of(Tailed(envelope, "")) for envelope in envelopes)
        events = [event for event in read if event is not None]
        if not events:
            return 0
        async with chassis.unit(f"service:{chassis.service}") as unit:
            return await queue_events(unit, events)
