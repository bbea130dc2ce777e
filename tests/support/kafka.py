"""One Kafka for a whole test session, and topics of its own for each test."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from chassis.bus.kafka.address import KafkaAddress
from chassis.bus.kafka.topics import Topics
from events.declaration import Event
from events.market import AgreementPaid, OfferState
from guildhall.kafka.administration import administrator
from guildhall.kafka.broker import Broker
from guildhall.kafka.cluster import LaunchedKafka
from guildhall.kafka.jars import what_is_missing
from guildhall.kafka.provision import keep_topics
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords

SMALL_CATALOGUE: Mapping[str, type[Event]] = {"agreement.paid": AgreementPaid, "offer": OfferState}
"""What the bus' tests append: one topic of states, one of facts."""
GROUP_SESSION_MS = 2_000


class KafkaOfSession:
    """Brokers in a folder of their own. They start when the first test asks."""

    def __init__(self, brokers_count: int = 1) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="guildhall-kafka-"))
        self.settings = KafkaSettings.model_validate({"brokers_count": brokers_count})
        self.passwords = Passwords(self.folder / "passwords.json")
        self.kafka = LaunchedKafka(
            self.folder / "kafka", self.passwords, self.settings, group_session_min_ms=1_000
        )
        self._prefixes = 0

    @property
    def brokers(self) -> list[Broker]:
        return self.kafka.brokers

    def start(self) -> None:
        self.kafka.start()

    def stop(self) -> None:
        self.kafka.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, user: str | None = None) -> KafkaAddress:
        """As the operator, or as a user of the session's secrets."""
        url = self.kafka.operator_url() if user is None else self.kafka.url(user, self.passwords.of(user))
        return KafkaAddress.read(url)

    async def fresh(self, catalogue: Mapping[str, type[Event]] = SMALL_CATALOGUE) -> KafkaAddress:
        """The operator's address with a prefix that no test had, its topics made."""
        self._prefixes += 1
        address = replace(self.address(), prefix=f"test{self._prefixes}")
        client = administrator(address)
        topics = Topics(address.prefix, catalogue)
        await asyncio.to_thread(keep_topics, client, topics, self.settings)
        return address

    async def forget(
        self, address: KafkaAddress, catalogue: Mapping[str, type[Event]] = SMALL_CATALOGUE
    ) -> None:
        """Drop the topics of a test."""
        topics = Topics(address.prefix, catalogue)
        client = administrator(address)
        dropped = client.delete_topics(list(topics.by_name))
        await asyncio.to_thread(lambda: [future.result() for future in dropped.values()])

    @asynccontextmanager
    async def away(self) -> AsyncGenerator[None]:
        """Every broker stands still: connections stay, nobody answers."""
        process_ids = [broker.process_id for broker in self.brokers]
        for process_id in process_ids:
            assert process_id is not None
            os.kill(process_id, signal.SIGSTOP)
        try:
            yield
        finally:
            for process_id in process_ids:
                assert process_id is not None
                os.kill(process_id, signal.SIGCONT)


def kafka_or_skip(brokers_count: int = 1) -> KafkaOfSession:
    missing = what_is_missing()
    if missing is not None:
        pytest.skip(f"Kafka was left out: {missing}")
    return KafkaOfSession(brokers_count)
