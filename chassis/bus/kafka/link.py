"""What the parts of the kafka transport share: address, topics, pace, and how clients are made."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)

if TYPE_CHECKING:
    from chassis.bus.kafka.address import KafkaAddress
    from chassis.bus.kafka.topics import Topics

OUTAGE = (KafkaError, OSError, TimeoutError)
"""What a cluster that is away raises, in aiokafka's words; REFUSED are among them and come first."""
REFUSED = (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
REQUEST_MS = 15_000
CLOSE_SECONDS = 5.0
RECONNECT_MS = 100
FETCH_WAIT_MS = 500
# The largest event is 256 KiB, and a batch of them twice that; a partition's share of a fetch holds both.
PARTITION_FETCH_MAX_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class KafkaLink:
    """`look_seconds`: how often a reader asks where the topics begin and end; `session_ms`: see transport."""

    address: KafkaAddress
    topics: Topics
    client_id: str
    look_seconds: float
    session_ms: int
    retry_seconds: float = 0.1
    retry_max_seconds: float = 2.0

    def client_arguments(self) -> dict[str, Any]:
        """Arguments of every client of this process."""
        return {
            **self.address.aiokafka(),
            "client_id": self.client_id,
            "request_timeout_ms": REQUEST_MS,
            "retry_backoff_ms": RECONNECT_MS,
        }

    def consumer(self, *topics: str, group: str | None = None) -> AIOKafkaConsumer:
        """A consumer, not started. Without a group it is assigned all partitions of its topics."""
        arguments: dict[str, Any] = self.client_arguments() | {
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
            "fetch_max_wait_ms": FETCH_WAIT_MS,
            "max_partition_fetch_bytes": PARTITION_FETCH_MAX_BYTES,
        }
        if group is not None:
            # Range gives a replica the same partitions of every topic: those of the same keys.
            arguments |= {
                "group_id": self.topics.group(group),
                "partition_assignment_strategy": (RangePartitionAssignor,),
                "session_timeout_ms": self.session_ms,
                "heartbeat_interval_ms": max(100, self.session_ms // 4),
            }
        return AIOKafkaConsumer(*topics, **arguments)


async def start(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Start a client; one that cannot start leaves nothing behind."""
    try:
        await client.start()
    except BaseException:
        await stop_within(client)
        raise


async def stop_within(client: AIOKafkaConsumer | AIOKafkaProducer, seconds: float = CLOSE_SECONDS) -> None:
    """Stop a client, and cut its connections when the cluster does not answer in time.

    In a task of its own: aiokafka may end its `stop` half-way by a cancellation that nobody asked for.
    """
    stopping = asyncio.create_task(client.stop(), name="bus client stops")
    try:
        await asyncio.wait({stopping}, timeout=seconds)
    finally:
        stopping.cancel()
        connections = client.client if isinstance(client, AIOKafkaProducer) else client._client  # pyright: ignore[reportPrivateUsage]
        with contextlib.suppress(*OUTAGE):
            await connections.close()
    await asyncio.gather(stopping, return_exceptions=True)
