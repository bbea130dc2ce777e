"""The publisher's one loop: read the bus as a group, write what is public, then say that it was read.

It has no database. What was written and not yet said comes again, and is written again: at least once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from confluent_kafka import KafkaException

from chassis.bus.kafka.link import OUTAGE, REFUSED
from chassis.bus.kafka.records import OutgoingRecord, to_record
from chassis.bus.kafka.restart import GroupHasReplicas
from chassis.bus.metrics import group_lag_events
from chassis.bus.transport import GroupBelowLowWater, Tailed
from chassis.visibility.event import LiveEvent
from chassis.visibility.rights import Viewer, may_see
from events.declaration import Audience
from events.visibility import OUTSIDE_TYPES
from guildhall.publisher import PUBLISHER
from guildhall.publisher.charters import CharterUnknown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from chassis.bus.envelope import Envelope
    from chassis.bus.kafka.topics import Topics
    from chassis.bus.kafka.writer import Place, Writer
    from chassis.bus.transport import Subscription, Transport
    from guildhall.publisher.charters import Charters
    from guildhall.publisher.settings import PublisherSettings
    from guildhall.publisher.topics import PublicTopics

logger = structlog.get_logger(__name__)

AWAY = (CharterUnknown, GroupHasReplicas, KafkaException, *OUTAGE)
"""What passes by waiting, or when an operator has mended it."""
_RETRY_SECONDS = 0.1
_EVERYBODY = Viewer()


class Publishing:
    """`faults` says why nothing is published at present."""

    def __init__(
        self,
        bus: Transport,
        internal: Topics,
        public: PublicTopics,
        writer: Writer,
        charters: Charters,
        settings: PublisherSettings,
    ) -> None:
        self._fault: str | None = None
        self._reads: Subscription | None = None
        self._bus = bus
        self._internal = internal
        self._public = public
        self._writer = writer
        self._charters = charters
        self._settings = settings

    async def run(self) -> None:
        """Until it is cancelled."""
        subscription = await self._bus.consume(PUBLISHER, OUTSIDE_TYPES)
        self._reads = subscription
        try:
            while True:
                try:
                    await self._pass_on(subscription)
                except GroupBelowLowWater as error:
                    logger.error("facts are gone unpublished: integrators ask the owners", reason=str(error))
                    await self._patiently(self._begin_again)
                except REFUSED as error:
                    self._say(error)
                    await asyncio.sleep(self._settings.retry_max_seconds)
        finally:
            await subscription.close()

    def faults(self) -> list[str]:
        """What keeps it from publishing."""
        if self._reads is None or not self._reads.is_connected():
            return ["the bus has not been read"]
        return [] if self._fault is None else [self._fault]

    async def _pass_on(self, subscription: Subscription) -> None:
        """One batch; tried again as a whole, with what charters say by then, until it is written."""
        batch = await subscription.next_batch(self._settings.batch_max, self._settings.gather_ms / 1_000)
        await self._patiently(lambda: self.publish(batch.events))
        await subscription.commit(batch)
        group_lag_events.labels(group=PUBLISHER).set(subscription.lag())

    async def _patiently(self, act: Callable[[], Awaitable[None]]) -> None:
        """Again and again until it is done."""
        pause = _RETRY_SECONDS
        while True:
            try:
                await act()
            except AWAY as error:
                self._say(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._settings.retry_max_seconds)
            else:
                self._fault = None
                return

    async def _begin_again(self) -> None:
        """With what the bus keeps."""
        await self._bus.restart_group(PUBLISHER)

    async def publish(self, events: Sequence[Envelope]) -> None:
        """Returns when what is public of these is on all replicas that are in sync."""
        places: dict[Place, list[OutgoingRecord]] = {}
        for envelope in events:
            event = LiveEvent.of(Tailed(envelope, ""))
            if event is None or event.union_id is None or not await self._is_public(event, event.union_id):
                continue
            topic = await self._public.of(event.union_id)
            if topic is not None:
                places.setdefault((topic, 0), []).append(self._record(event))
        await self._writer.write(places)

    def _record(self, event: LiveEvent) -> OutgoingRecord:
        """As on the bus, but for the key: that is the union's id."""
        internal = to_record(event.envelope, self._internal.of(event.type))
        return OutgoingRecord(str(event.union_id).encode(), internal.value, internal.headers)

    async def _is_public(self, event: LiveEvent, union_id: UUID) -> bool:
        always = event.declaration.audience is Audience.PUBLIC
        return may_see(_EVERYBODY, event, {} if always else await self._charters.of(union_id))

    def _say(self, error: BaseException) -> None:
        reason = repr(error)[:300]
        if self._fault != reason:
            logger.warning("nothing is published", reason=reason)
        self._fault = reason
