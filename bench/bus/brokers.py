"""A Kafka for the benchmark, with the topics of the house and one of the peer's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from chassis.bus.kafka import KafkaAddress
from guildhall.kafka.cluster import LaunchedKafka
from guildhall.kafka.provision import Provision, provision
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords
from guildhall.reading_settings import read_settings

PEER_PREFIX = "peer"


@contextmanager
def brokers(folder: Path) -> Generator[tuple[KafkaAddress, KafkaAddress, KafkaSettings]]:
    """The address of the house's topics and the peer's, both as the operator. Raises StartRefused."""
    settings = read_settings(KafkaSettings, None)
    passwords = Passwords(folder / "passwords.json")
    kafka = LaunchedKafka(folder / "brokers", passwords, settings)
    try:
        kafka.start()
        ours = KafkaAddress.read(kafka.operator_url())
        theirs = replace(ours, prefix=PEER_PREFIX)
        for prefix in (ours.prefix, PEER_PREFIX):
            url = f"{kafka.operator_url()}&prefix={prefix}"
            provision(Provision(url, passwords.of, settings, users=()))
        yield ours, theirs, settings
    finally:
        kafka.stop()
