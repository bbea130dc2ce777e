"""The bus of these tests: topics of the session's broker that no other test has."""

from collections.abc import AsyncGenerator

import pytest

from chassis.clock import ManualClock
from tests.chassis.bus.kafka.kafka_bus import KafkaBus
from tests.support.kafka import KafkaOfSession


@pytest.fixture
async def bus(kafka: KafkaOfSession, clock: ManualClock) -> AsyncGenerator[KafkaBus]:
    address = await kafka.fresh()
    made = KafkaBus(kafka, address, clock)
    yield made
    await made.close()
    await kafka.forget(address)
