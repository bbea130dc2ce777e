"""The bus on Apache Kafka, as one process sees it. Shared by the services that run in that process."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from chassis.bus.kafka.link import KafkaLink
from chassis.bus.kafka.restart import restart
from chassis.bus.kafka.subscription import KafkaSubscription
from chassis.bus.kafka.tail import covers, position_of_now, spell_position, tail
from chassis.bus.kafka.topics import Topics
from chassis.bus.kafka.writer import Writer
from events.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence
    from uuid import UUID

    from chassis.bus.envelope import Envelope
    from chassis.bus.kafka.address import KafkaAddress
    from chassis.bus.transport import Subscription, Tailed
    from events.declaration import Event


class KafkaTransport:
    """See transport.Transport. Opens although its cluster is away, and waits for it where it is used.

    `process_id` is an id of this process. `look_ms`: how often a reader asks where its topics begin and end;
    `session_ms`: how long a replica that ended without a word keeps its partitions from the others.
    Topics, users and rights are the deployment's to provide: nothing is made here.
    """

    def __init__(
        self,
        address: KafkaAddress,
        process_id: UUID,
        *,
        look_ms: int = 2_000,
        session_ms: int = 10_000,
        catalogue: Mapping[str, type[Event]] = CATALOGUE,
    ) -> None:
        self._link = KafkaLink(
            address=address,
            topics=Topics(address.prefix, catalogue),
            client_id=f"guildhall-{process_id}",
            look_seconds=look_ms / 1_000,
            session_ms=session_ms,
        )
        self._writer: Writer | None = None
        self._subscriptions: set[KafkaSubscription] = set()

    async def open(self) -> None:
        # aiokafka says each retry as an error; this transport says once that the bus is away.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        self._writer = Writer(self._link)

    async def close(self) -> None:
        writer, self._writer = self._writer, None
        await asyncio.gather(*(subscription.close() for subscription in tuple(self._subscriptions)))
        if writer is not None:
            await writer.close()

    def _opened(self) -> Writer:
        if self._writer is None:
            raise RuntimeError("the bus is not open")
        return self._writer

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        if envelopes:
            await self._opened().append(envelopes)

    async def consume(self, group: str, types: Collection[str]) -> Subscription:
        self._opened()
        subscription = KafkaSubscription(self._link, group, frozenset(types), self._subscriptions.discard)
        self._subscriptions.add(subscription)
        return subscription

    def tail(self, types: Collection[str] | None = None, after: str | None = None) -> AsyncIterator[Tailed]:
        self._opened()
        return tail(self._link, types, after)

    async def tail_position(self) -> str:
        positions = await position_of_now(self._link, self._link.topics.by_name)
        return spell_position(positions, self._link.topics.prefix)

    def covers(self, position: str, other: str) -> bool:
        return covers(position, other, self._link.topics)

    async def restart_group(self, group: str) -> None:
        """Raises GroupHasReplicas while replicas of the group are reading: stop them first."""
        await restart(self._link, group)
