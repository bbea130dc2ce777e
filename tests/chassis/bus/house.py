"""A publishing and a consuming service of the bus' tests: real databases, outbox, relay, inbox, runner."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
from pydantic import SecretStr

from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.consumers import Consumers
from chassis.database import Database
from chassis.ids import IdSource
from chassis.inbox import ConsumerRunner
from chassis.migrations import ServiceSchema, migrate_service
from chassis.relay import Relay
from chassis.settings import ServiceSettings
from chassis.unit_of_work import UnitOfWork
from events.declaration import Event
from events.market import AgreementPaid, OfferState
from tests.support.postgres import ServiceDatabase

UNION = UUID(int=1)
EFFECTS = """
CREATE TABLE IF NOT EXISTS effects (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bigint NOT NULL, value bigint NOT NULL,
    replica text NOT NULL
);
CREATE TABLE IF NOT EXISTS offers_seen (key bigint PRIMARY KEY, version bigint NOT NULL);
"""
TABLES = "outbox, inbox, parked_events, effects, offers_seen, idempotency_keys"


async def make_tables(database: ServiceDatabase, no_versions: Path) -> None:
    """The chassis' tables and those that the tests' handlers write."""
    await migrate_service(ServiceSchema(database.service, no_versions), database.owner_url)
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(EFFECTS)
    await connection.close()


async def empty_tables(database: ServiceDatabase) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute(f"TRUNCATE {TABLES}")
    await connection.close()


def settings_of(database: ServiceDatabase, **more: int) -> ServiceSettings:
    return ServiceSettings(
        database_url=SecretStr(database.url),
        owner_database_url=SecretStr(database.owner_url),
        bus_url=SecretStr("postgresql://unused"),
        service_key_file=Path("unused"),
        service_keys_file=Path("unused"),
        **{"relay_poll_ms": 200, **more},  # pyright: ignore[reportArgumentType]
    )


def paid(key: int, value: int) -> AgreementPaid:
    """A fact of aggregate `key`; `value` tells it from the others."""
    return AgreementPaid(
        union_id=UNION,
        agreement_id=UUID(int=key + 1),
        employer_id=UNION,
        worker_id=UNION,
        asset="GLD",
        paid_minor=value,
        paid_at="2027-03-01T12:00:00Z",  # pyright: ignore[reportArgumentType]
    )


def offered(key: int, version: int) -> OfferState:
    """The state of aggregate `key`."""
    return OfferState(
        union_id=UNION,
        offer_id=UUID(int=key + 1),
        version=version,
        state="open",
        kind="gig",
        owner_id=UNION,
        asset="GLD",
        price_minor=version,
    )


class Poison(Exception):
    """A rule that the event breaks whenever it is tried."""


@dataclass(slots=True)
class Service:
    """One process of a service: its pools and how its transactions begin."""

    database: Database
    clock: Clock
    ids: IdSource
    settings: ServiceSettings
    name: str

    def unit(self, actor: str) -> UnitOfWork:
        return UnitOfWork(self.database, self.clock, self.ids, actor=actor)

    async def publish(self, events: Sequence[Event]) -> list[UUID]:
        async with self.unit("test") as unit:
            return [unit.publish(event) for event in events]

    def relay(self, bus: Transport) -> Relay:
        return Relay(self.database, bus, self.name, self.settings)

    async def fetch(self, statement: str, *parameters: object) -> list[asyncpg.Record]:
        return await self.database.hot_reads().fetch(statement, *parameters)


@asynccontextmanager
async def serving(database: ServiceDatabase, clock: Clock, name: str, **more: int) -> AsyncGenerator[Service]:
    settings = settings_of(database, **more)
    service = Service(Database(settings, "test"), clock, IdSource(clock), settings, name)
    try:
        yield service
    finally:
        await service.database.close()


@asynccontextmanager
async def running(*work: Awaitable[None]) -> AsyncGenerator[list[asyncio.Task[None]]]:
    """Loops that run for as long as the block; one that fails makes the block's end fail."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except asyncio.CancelledError:
                continue


@dataclass(slots=True)
class Effects:
    """What a group's handlers wrote; `poisoned` values are refused by a rule."""

    service: Service
    replica: str = "one"
    poisoned: set[int] = field(default_factory=set[int])

    def consumers(self, group: str = "ledger") -> Consumers:
        consumers = Consumers(group)

        @consumers.on(AgreementPaid)
        async def keep(unit: UnitOfWork, event: AgreementPaid) -> None:
            if event.paid_minor in self.poisoned:
                raise Poison(f"no {event.paid_minor}")
            await (await unit.raw()).execute(
                "INSERT INTO effects (key, value, replica) VALUES ($1, $2, $3)",
                event.agreement_id.int - 1,
                event.paid_minor,
                self.replica,
            )

        @consumers.on(OfferState)
        async def keep_newest(unit: UnitOfWork, event: OfferState) -> None:
            await (await unit.raw()).execute(
                "INSERT INTO offers_seen AS seen (key, version) VALUES ($1, $2) ON CONFLICT (key) "
                "DO UPDATE SET version = excluded.version WHERE seen.version < excluded.version",
                event.offer_id.int - 1,
                event.version,
            )

        return consumers

    def runner(self, bus: Transport, group: str = "ledger") -> ConsumerRunner:
        return ConsumerRunner(self.consumers(group), bus, self.service.unit, self.service.settings)

    async def by_key(self) -> dict[int, list[int]]:
        """The values of each key, in the order of their effect."""
        found: dict[int, list[int]] = {}
        for row in await self.service.fetch("SELECT key, value FROM effects ORDER BY number"):
            found.setdefault(row["key"], []).append(row["value"])
        return found

    async def count(self) -> int:
        return (await self.service.fetch("SELECT count(*) AS n FROM effects"))[0]["n"]


async def until(what: Callable[[], Awaitable[bool]], within_seconds: float = 10.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + within_seconds
    while not await what():
        assert time.monotonic() < deadline, f"not within {within_seconds} seconds"
        await asyncio.sleep(0.02)
