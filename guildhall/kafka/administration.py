"""Questions that an operator asks of a cluster, over confluent-kafka's client."""

import logging
import time
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from chassis.bus.kafka.address import KafkaAddress

ANSWER_SECONDS = 30.0
_SILENT = logging.getLogger("guildhall.kafka.librdkafka")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def administrator(address: KafkaAddress, **more: Any) -> AdminClient:
    """A client that says what fails by exceptions alone."""
    settings: dict[str, Any] = {**address.librdkafka(), "logger": _SILENT, **more}
    return AdminClient(settings)


def answers(address: KafkaAddress, brokers_count: int, timeout_seconds: float = 2.0) -> bool:
    """Whether so many brokers are in the cluster's metadata."""
    try:
        metadata = administrator(address).list_topics(timeout=timeout_seconds)
    except KafkaException:
        return False
    return len(metadata.brokers) >= brokers_count and metadata.controller_id >= 0


def takes_password(address: KafkaAddress, timeout_seconds: float = ANSWER_SECONDS) -> bool:
    """Whether the address' user may sign in with its password. Raises KafkaException when nobody answers."""
    refused: list[KafkaError] = []

    def hear(error: KafkaError) -> None:
        if error.code() == KafkaError._AUTHENTICATION:  # pyright: ignore[reportPrivateUsage]
            refused.append(error)

    client = administrator(address, error_cb=hear)
    asked = client.describe_cluster(request_timeout=timeout_seconds)
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        client.poll(0.05)
        if asked.done():
            asked.result()
            return True
        if refused:
            return False
    raise KafkaException(KafkaError(KafkaError._TIMED_OUT))  # pyright: ignore[reportPrivateUsage]
