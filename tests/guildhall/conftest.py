"""The session's broker as a deployment has it: topics, users and rights of the house."""

import pytest

from guildhall.kafka.provision import Provision, provision
from guildhall.kafka.settings import KafkaSettings
from tests.support.kafka import KafkaOfSession

SETTINGS = KafkaSettings.model_validate({"partitions_count": 2})


@pytest.fixture(scope="session")
def wanted(kafka: KafkaOfSession) -> Provision:
    return Provision(kafka.kafka.operator_url(), kafka.passwords.of, SETTINGS)


@pytest.fixture
def house(kafka: KafkaOfSession, wanted: Provision) -> KafkaOfSession:
    """The broker, brought to what the house wants."""
    provision(wanted)
    return kafka
