"""The Kafka of a deployment: launched here on a data folder, or somebody else's by KAFKA_BOOTSTRAP."""

import secrets
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from chassis.bus.kafka.address import KafkaAddress, KafkaAddressWrong
from guildhall.kafka.administration import answers
from guildhall.kafka.broker import Broker
from guildhall.kafka.jars import bring_jars
from guildhall.kafka.properties import LOOPBACK, OPERATOR, BrokerPorts, broker_properties
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords
from guildhall.refusals import StartRefused

_LOOK_SECONDS = 0.1


class Kafka(Protocol):
    """What a deployment asks of its Kafka."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def url(self, user: str, password: str) -> str:
        """The address of the bus for a service."""
        ...

    def operator_url(self) -> str: ...

    def described(self) -> str: ...


class LaunchedKafka:
    """Our own brokers, one folder each below `folder`. The user `operator` is their super user."""

    def __init__(
        self,
        folder: Path,
        passwords: Passwords,
        settings: KafkaSettings,
        *,
        group_session_min_ms: int = 6_000,
    ) -> None:
        self.folder = folder.absolute()
        self._operator_password = passwords.of(OPERATOR)
        self._settings = settings
        self._group_session_min_ms = group_session_min_ms
        self.brokers: list[Broker] = []
        self.ports: list[BrokerPorts] = []

    def start(self) -> None:
        """Blocks until all brokers answer. Raises StartRefused."""
        jars = bring_jars()
        deadline = time.monotonic() + self._settings.start_seconds
        self.ports = self.ports or _free_ports(self._settings)
        for ports in self.ports:
            _refuse_taken(self._settings.listen_address, ports.external)
        self.brokers = [
            Broker(self.folder / f"broker-{number}", jars, self._settings.heap_mebibytes)
            for number in range(1, self._settings.brokers_count + 1)
        ]
        cluster_id = self._cluster_id()
        for number, broker in enumerate(self.brokers, start=1):
            properties = broker_properties(
                number,
                self.ports,
                broker.data,
                self._operator_password,
                self._settings.listen_address,
                self._group_session_min_ms,
            )
            broker.prepare(properties, cluster_id, self._operator_password)
        for broker in self.brokers:
            broker.launch()
        self._become_ready(deadline)

    def restart(self, index: int = 0) -> None:
        """A broker that ended, on the same ports; blocks until all that run answer."""
        self.brokers[index].stop(self._settings.stop_seconds)
        self.brokers[index].launch()
        self._become_ready(time.monotonic() + self._settings.start_seconds)

    def stop(self) -> None:
        for broker in self.brokers:
            broker.stop(self._settings.stop_seconds)

    def is_running(self) -> bool:
        return bool(self.brokers) and all(broker.is_running() for broker in self.brokers)

    def url(self, user: str, password: str) -> str:
        return _url(user, password, [f"{LOOPBACK}:{ports.internal}" for ports in self.ports])

    def operator_url(self) -> str:
        return self.url(OPERATOR, self._operator_password)

    def external_url(self, user: str, password: str) -> str:
        """The address for an integrator."""
        address = self._settings.listen_address
        return _url(user, password, [f"{address}:{ports.external}" for ports in self.ports])

    def described(self) -> str:
        where = ", ".join(f"{LOOPBACK}:{ports.internal}" for ports in self.ports)
        return f"its own Kafka on {where}"

    def _cluster_id(self) -> str:
        file = self.folder / "cluster-id"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = file.with_suffix(".new")
            beside.write_text(_new_cluster_id())
            beside.rename(file)
        return file.read_text()

    def _become_ready(self, deadline: float) -> None:
        address = KafkaAddress.read(self.operator_url())
        while not answers(address, len(self.brokers)):
            for broker in self.brokers:
                if not broker.is_running() and not broker.launch_again_if_locked():
                    reason = broker.last_words()
                    self.stop()
                    raise StartRefused(f"Kafka did not start ({reason}): see {broker.folder / 'broker.log'}")
            if time.monotonic() > deadline:
                self.stop()
                raise StartRefused(
                    f"Kafka was not ready after {self._settings.start_seconds} seconds: see {self.folder}"
                )
            time.sleep(_LOOK_SECONDS)


class ExternalKafka:
    """A cluster that others start and stop."""

    def __init__(self, operator_url: str) -> None:
        try:
            KafkaAddress.read(operator_url)
        except KafkaAddressWrong as error:
            raise StartRefused(f"KAFKA_BOOTSTRAP: {error}") from None
        self._operator_url = operator_url
        self._parts = urlsplit(operator_url)

    def start(self) -> None:
        """Runs already."""

    def stop(self) -> None:
        """Goes on running."""

    def url(self, user: str, password: str) -> str:
        place = self._parts.netloc.rpartition("@")[2]
        return urlunsplit(self._parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{place}"))

    def operator_url(self) -> str:
        return self._operator_url

    def described(self) -> str:
        return f"the Kafka of KAFKA_BOOTSTRAP ({self._parts.netloc.rpartition('@')[2]})"


def kafka_of(folder: Path, passwords: Passwords, settings: KafkaSettings) -> LaunchedKafka | ExternalKafka:
    """Raises StartRefused."""
    if settings.bootstrap is not None:
        return ExternalKafka(settings.bootstrap.get_secret_value())
    return LaunchedKafka(folder, passwords, settings)


def _url(user: str, password: str, places: Sequence[str]) -> str:
    return f"kafka://{quote(user)}:{quote(password, safe='')}@{','.join(places)}?security=sasl_plaintext"


def _free_ports(settings: KafkaSettings) -> list[BrokerPorts]:
    """Three for each broker; the integrators' follow one another where the first is given."""
    probes = [socket.socket() for _ in range(3 * settings.brokers_count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        free = [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
    first = settings.external_port
    return [
        BrokerPorts(free[3 * number], free[3 * number + 1], first + number if first else free[3 * number + 2])
        for number in range(settings.brokers_count)
    ]


def _refuse_taken(address: str, port: int) -> None:
    """Raises StartRefused. A broker would answer inside for a moment before it found out and ended."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise StartRefused(f"Kafka did not start ({address}:{port} cannot be bound: {error})") from None


def _new_cluster_id() -> str:
    """Sixteen bytes in base64url. One that begins with a dash would be read as an option."""
    made = secrets.token_urlsafe(16)
    return made if not made.startswith("-") else _new_cluster_id()
