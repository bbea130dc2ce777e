"""The topics that integrators read: one for each union, of one partition, made when it is first needed."""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import NewTopic

from guildhall.kafka.access import public_prefix
from guildhall.kafka.administration import ANSWER_SECONDS, administrator

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

    from chassis.bus.kafka.address import KafkaAddress
    from guildhall.publisher.settings import PublisherSettings

_DAY_MS = 86_400_000
_COPIES_AS_THE_BROKERS_SAY = -1


def topic_of(prefix: str, union_id: UUID) -> str:
    """The topic of a union."""
    return f"{public_prefix(prefix)}{union_id}"


def make_topic(client: AdminClient, name: str, kept_days: int) -> bool:
    """One partition: what a union makes public is one sequence. False where it was there."""
    wanted = NewTopic(
        name,
        num_partitions=1,
        replication_factor=_COPIES_AS_THE_BROKERS_SAY,
        config={
            "cleanup.policy": "delete",
            "retention.ms": str(kept_days * _DAY_MS),
            "segment.ms": str(_DAY_MS),
            "message.timestamp.type": "LogAppendTime",
        },
    )
    try:
        client.create_topics([wanted], request_timeout=ANSWER_SECONDS)[name].result(2 * ANSWER_SECONDS)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return False
        raise
    return True


class PublicTopics:
    """As the user `publisher` sees them, who may make topics of the prefix and no others."""

    def __init__(self, address: KafkaAddress, settings: PublisherSettings, kept_days: int) -> None:
        self._address = address
        self._settings = settings
        self._kept_days = kept_days
        self._known: set[str] = set()
        self._looked_at = float("-inf")
        self._administrator: AdminClient | None = None

    async def of(self, union_id: UUID) -> str | None:
        """The union's topic; None where it has none, so that nobody reads it. Raises KafkaException."""
        name = topic_of(self._address.prefix, union_id)
        if name in self._known:
            return name
        if time.monotonic() - self._looked_at >= self._settings.topics_look_seconds:
            await asyncio.to_thread(self._look)
        if name not in self._known and len(self._known) < self._settings.topics_max_count:
            await asyncio.to_thread(make_topic, self._client(), name, self._kept_days)
            self._known.add(name)
        return name if name in self._known else None

    def _client(self) -> AdminClient:
        if self._administrator is None:
            self._administrator = administrator(self._address)
        return self._administrator

    def _look(self) -> None:
        seen = self._client().list_topics(timeout=ANSWER_SECONDS).topics
        self._known = {name for name in seen if name.startswith(public_prefix(self._address.prefix))}
        self._looked_at = time.monotonic()
