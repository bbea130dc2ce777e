"""The consumer runner: batches of events, each in one transaction with its inbox rows and effects.

A batch that fails is replayed one by one. An event that cannot pass by waiting is parked after its tries,
later events of its key behind it; outages are waited out, however long they last.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from chassis.bus.metrics import group_lag_events, parked_events
from chassis.bus.transport import GroupBelowLowWater
from chassis.inbox import intake
from chassis.inbox.delivery import count, deliver
from chassis.outages import is_outage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from chassis.bus.envelope import Envelope
    from chassis.bus.transport import Batch, Subscription, Transport
    from chassis.consumers import Consumers
    from chassis.unit_of_work import UnitFactory

logger = structlog.get_logger(__name__)

RETRY_SECONDS = 0.05
OUTAGE_RETRY_MAX_SECONDS = 5.0
STOPPED_LOOK_SECONDS = 5.0
RECOUNT_SECONDS = 30.0
_PARKED_COUNT = "SELECT count(*) FROM parked_events WHERE group_name = $1"
BEHIND = "waits behind an earlier event of its key"


class ConsumerSettings(Protocol):
    """What a runner reads of the service's settings."""

    @property
    def consume_batch_max(self) -> int: ...

    @property
    def consume_wait_ms(self) -> int: ...

    @property
    def consume_tries_max(self) -> int: ...


@dataclass(slots=True)
class GroupStatus:
    """How a group is doing in this process. `stopped` says why it does not go on by itself."""

    group: str
    lag_events: int = 0
    parked_count: int = 0
    waiting_for: str | None = None
    stopped: str | None = None


class ConsumerRunner:
    """Runs the handlers of one group in one process of its service."""

    def __init__(
        self, consumers: Consumers, bus: Transport, units: UnitFactory, settings: ConsumerSettings
    ) -> None:
        self._consumers = consumers
        self._group = consumers.group
        self._actor = f"events:{consumers.group}"
        self._bus = bus
        self._units = units
        self._settings = settings
        self._recount_at = 0.0
        self.status = GroupStatus(consumers.group)

    def faults(self) -> list[str]:
        """What keeps the service from being ready."""
        return [] if self.status.stopped is None else [self.status.stopped]

    async def run(self) -> None:
        """Until cancelled; a defect of the runner itself is logged, and it joins its group anew."""
        while True:
            try:
                await self._run()
            except Exception as error:
                logger.exception("consumer begins again", group=self._group)
                self.status.stopped = f"group {self._group}: {error!r}"
                await asyncio.sleep(STOPPED_LOOK_SECONDS)

    async def _run(self) -> None:
        subscription = await self._bus.consume(self._group, self._consumers.types)
        try:
            await self._outlasting(self._count_parked)
            while True:
                await self._next(subscription)
        finally:
            await subscription.close()

    async def _next(self, subscription: Subscription) -> None:
        settings = self._settings
        try:
            batch = await subscription.next_batch(
                settings.consume_batch_max, settings.consume_wait_ms / 1_000
            )
        except GroupBelowLowWater as error:
            if self.status.stopped is None:
                logger.error("group stopped", group=self._group, reason=str(error))
            self.status.stopped = str(error)
            await asyncio.sleep(STOPPED_LOOK_SECONDS)
            return
        self.status.stopped = None
        self._tell_lag(subscription)
        await self._consume(batch)
        await subscription.commit(batch)
        self._tell_lag(subscription)
        if self.status.parked_count and asyncio.get_running_loop().time() >= self._recount_at:
            await self._outlasting(self._count_parked)

    def _tell_lag(self, subscription: Subscription) -> None:
        self.status.lag_events = subscription.lag()
        group_lag_events.labels(self._group).set(self.status.lag_events)

    async def _consume(self, batch: Batch) -> None:
        async def together() -> None:
            await self._apply(batch.events, batch.partitions)

        try:
            await self._outlasting(together)
        except Exception as error:  # noqa: BLE001 - one of them failed; which one is found one by one
            logger.info("batch replayed one by one", group=self._group, reason=repr(error)[:300])
            for envelope in batch.events:
                await self._consume_one(envelope, batch.partitions)

    async def _consume_one(self, envelope: Envelope, partitions: Sequence[int]) -> None:
        tries_count, reason = 0, ""

        async def alone() -> None:
            await self._apply([envelope], partitions)

        async def aside() -> None:
            await self._park(envelope, partitions, reason, tries_count)

        while tries_count < self._settings.consume_tries_max:
            try:
                return await self._outlasting(alone)
            except Exception as error:  # noqa: BLE001 - whatever a handler raises
                tries_count += 1
                reason = f"{type(error).__name__}: {error}"
                if tries_count < self._settings.consume_tries_max:
                    await asyncio.sleep(RETRY_SECONDS * 2 ** (tries_count - 1))
        logger.error(
            "event parked",
            group=self._group,
            event_id=str(envelope.id),
            type=envelope.type,
            reason=reason[:300],
        )
        await self._outlasting(aside)
        return None

    async def _apply(self, envelopes: Sequence[Envelope], partitions: Sequence[int]) -> None:
        async with self._units(self._actor) as unit:
            raw = await unit.raw()
            await intake.lock(raw, self._group, partitions)
            taken = await intake.take(raw, self._group, envelopes, unit.now)
            for envelope in taken.behind:
                await intake.park(raw, self._group, envelope, BEHIND, 0, unit.now)
            await deliver(self._consumers, unit, taken.fresh)
        count(self._group, taken.fresh)
        if taken.behind:
            await self._count_parked()

    async def _park(
        self, envelope: Envelope, partitions: Sequence[int], reason: str, tries_count: int
    ) -> None:
        async with self._units(self._actor) as unit:
            raw = await unit.raw()
            await intake.lock(raw, self._group, partitions)
            taken = await intake.take(raw, self._group, [envelope], unit.now)
            for fresh in taken.fresh + taken.behind:
                await intake.park(raw, self._group, fresh, reason, tries_count, unit.now)
        await self._count_parked()

    async def _count_parked(self) -> None:
        async with self._units(self._actor) as unit:
            parked_count: int = await (await unit.raw()).fetchval(_PARKED_COUNT, self._group) or 0
        self._recount_at = asyncio.get_running_loop().time() + RECOUNT_SECONDS
        self.status.parked_count = parked_count
        parked_events.labels(self._group).set(parked_count)

    async def _outlasting(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it again until no outage is in its way."""
        pause = RETRY_SECONDS
        while True:
            try:
                await work()
            except Exception as error:
                if not is_outage(error):
                    raise
                if self.status.waiting_for is None:
                    logger.warning("consumer waits", group=self._group, reason=repr(error)[:300])
                self.status.waiting_for = repr(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, OUTAGE_RETRY_MAX_SECONDS)
                continue
            self.status.waiting_for = None
            return
