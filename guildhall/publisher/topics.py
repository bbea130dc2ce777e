"""Which topic a union's public events go to: its own, or above a number of unions one for all."""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import NewTopic

from chassis.bus.partitioning import partition_of
from guildhall.kafka.access import public_prefix
from guildhall.kafka.administration import ANSWER_SECONDS, administrator

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

    from chassis.bus.kafka.address import KafkaAddress
    from guildhall.publisher.settings import PublisherSettings

_DAY_MS = 86_400_000
_BROKERS_PRESET = -1
SHARED = "all"


def topic_of(prefix: str, union_id: UUID) -> str:
    """The topic of one union."""
    return f"{public_prefix(prefix)}{union_id}"


def shared_topic(prefix: str) -> str:
    """The topic of the unions that have none of their own."""
    return f"{public_prefix(prefix)}{SHARED}"


class PublicTopics:
    """Makes topics that are missing, as the user `publisher`, who may make those of the prefix alone."""

    def __init__(self, address: KafkaAddress, settings: PublisherSettings) -> None:
        self._address = address
        self._settings = settings
        self._shared = shared_topic(address.prefix)
        self._partitions: dict[str, int] = {}
        self._administrator: AdminClient | None = None

    async def place_of(self, union_id: UUID) -> tuple[str, int]:
        """Topic and partition of a union. Raises KafkaException while the cluster is away."""
        own = topic_of(self._address.prefix, union_id)
        if own in self._partitions:
            return own, 0
        await asyncio.to_thread(self._look)
        unions_count = len(self._partitions.keys() - {self._shared})
        if own in self._partitions or unions_count < self._settings.topics_max_count:
            await self._keep(own, 1)
            return own, 0
        await self._keep(self._shared, self._settings.shared_partitions_count)
        return self._shared, partition_of(str(union_id), self._partitions[self._shared])

    async def _keep(self, name: str, partitions_count: int) -> None:
        if name not in self._partitions:
            await asyncio.to_thread(self._make, name, partitions_count)

    def _client(self) -> AdminClient:
        if self._administrator is None:
            self._administrator = administrator(self._address)
        return self._administrator

    def _look(self) -> None:
        seen = self._client().list_topics(timeout=ANSWER_SECONDS).topics
        prefix = public_prefix(self._address.prefix)
        self._partitions = {
            name: len(topic.partitions) for name, topic in seen.items() if name.startswith(prefix)
        }

    def _make(self, name: str, partitions_count: int) -> None:
        wanted = NewTopic(
            name,
            num_partitions=partitions_count,
            replication_factor=_BROKERS_PRESET,
            config={
                "cleanup.policy": "delete",
                "retention.ms": str(self._settings.kept_days * _DAY_MS),
                "segment.ms": str(_DAY_MS),
                "message.timestamp.type": "LogAppendTime",
            },
        )
        made = self._client().create_topics([wanted], request_timeout=ANSWER_SECONDS)
        try:
            made[name].result(timeout=2 * ANSWER_SECONDS)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # by another replica
                raise
            self._look()
        else:
            self._partitions[name] = partitions_count
