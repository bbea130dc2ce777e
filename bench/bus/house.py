"""A publishing and a consuming service on databases of their own: real outbox, relay, inbox, runner."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from chassis.bus.transport import Transport
from chassis.clock import Clock, SystemClock
from chassis.consumers import Consumers
from chassis.database import Database
from chassis.ids import IdSource
from chassis.inbox import ConsumerRunner
from chassis.migrations import ServiceSchema, migrate_service
from chassis.relay import Relay
from chassis.settings import ServiceSettings
from chassis.unit_of_work import UnitOfWork
from events.declaration import Event
from events.market import AgreementPaid
from guildhall.embedded.cluster import LaunchedCluster, service_urls
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, prepare_cluster
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings

PUBLISHER, CONSUMER = "market", "ledger"
KEYS_COUNT = 400
UNION = UUID(int=1)


@dataclass(slots=True)
class Service:
    """One process of a service: its pools, and how its transactions begin."""

    name: str
    database: Database
    settings: ServiceSettings
    clock: Clock
    ids: IdSource

    def unit(self, actor: str) -> UnitOfWork:
        return UnitOfWork(self.database, self.clock, self.ids, actor=actor)

    async def publish(self, events: Sequence[Event]) -> None:
        """All of them in one transaction, as a use case does."""
        async with self.unit("bench") as unit:
            for event in events:
                unit.publish(event)

    def relay(self, bus: Transport) -> Relay:
        return Relay(self.database, bus, self.name, self.settings)


@dataclass(slots=True)
class Arrivals:
    """What the consumer's handler saw: how many events, and how long each was under way."""

    count: int = 0
    seconds: list[float] = field(default_factory=list[float])
    sent_at: dict[int, float] = field(default_factory=dict[int, float])
    _wanted: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    def consumers(self, group: str) -> Consumers:
        consumers = Consumers(group)

        @consumers.on_many(AgreementPaid)
        async def note(unit: UnitOfWork, events: Sequence[AgreementPaid]) -> None:
            unit.after_commit(lambda: self._note(events))

        return consumers

    async def reach(self, count: int) -> None:
        """Until so many have had their effect."""
        self._wanted = count
        self._reached.clear()
        if self.count < count:
            await self._reached.wait()

    def _note(self, events: Sequence[AgreementPaid]) -> None:
        now = time.perf_counter()
        self.count += len(events)
        if self.count >= self._wanted:
            self._reached.set()
        self.seconds += [
            now - self.sent_at[event.paid_minor] for event in events if event.paid_minor in self.sent_at
        ]


@dataclass(frozen=True, slots=True)
class House:
    """Both services, and the addresses of the bus' database."""

    publisher: Service
    consumer: Service
    bus_url: str
    bus_owner_url: str

    def runner(self, bus: Transport, arrivals: Arrivals, group: str) -> ConsumerRunner:
        consumer = self.consumer
        return ConsumerRunner(arrivals.consumers(group), bus, consumer.unit, consumer.settings)


def paid(number: int) -> AgreementPaid:
    """A small event, 330 bytes of JSON; `number` tells it from the others."""
    return AgreementPaid(
        union_id=UNION,
        agreement_id=UUID(int=number % KEYS_COUNT + 1),
        employer_id=UNION,
        worker_id=UNION,
        asset="GLD",
        paid_minor=number,
        paid_at="2027-03-01T12:00:00Z",  # pyright: ignore[reportArgumentType]
    )


@asynccontextmanager
async def bus_house(folder: Path) -> AsyncGenerator[House]:
    """On a PostgreSQL of the shipped settings in `folder`; it is stopped afterwards."""
    from chassis.bus.postgres.schema import migrate_bus

    passwords = Passwords(folder / "passwords.json")
    cluster = LaunchedCluster(folder, passwords, read_settings(GuildhallSettings, None))
    cluster.start()
    try:
        await prepare_cluster(cluster.superuser_url(), passwords, (PUBLISHER, CONSUMER, BUS))
        bus_url, bus_owner_url = service_urls(cluster, passwords, BUS)
        await migrate_bus(bus_owner_url)
        services: list[Service] = []
        with tempfile.TemporaryDirectory() as no_versions:
            for name in (PUBLISHER, CONSUMER):
                url, owner_url = service_urls(cluster, passwords, name)
                await migrate_service(ServiceSchema(name, Path(no_versions)), owner_url)
                services.append(_service(name, url, owner_url))
        yield House(services[0], services[1], bus_url, bus_owner_url)
        for service in services:
            await service.database.close()
    finally:
        cluster.stop()


def _service(name: str, url: str, owner_url: str) -> Service:
    settings = read_settings(
        ServiceSettings,
        None,
        database_url=url,
        owner_database_url=owner_url,
        bus_url="postgresql://unused",
        service_key_file=Path("unused"),
        service_keys_file=Path("unused"),
    )
    clock = SystemClock()
    return Service(name, Database(settings, name), settings, clock, IdSource(clock))
