"""The databases of the bus' tests: made once a session, emptied for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chassis.clock import ManualClock
from tests.chassis.bus.house import Effects, Service, empty_tables, make_tables, serving
from tests.chassis.bus.postgres_bus import PostgresBus, empty_bus
from tests.support.postgres import Databases, ServiceDatabase


@pytest.fixture(scope="session")
def no_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrations of a service that has none of its own."""
    return tmp_path_factory.mktemp("versions")


@pytest.fixture(scope="session")
async def market_database(databases: Databases, no_versions: Path) -> AsyncGenerator[ServiceDatabase]:
    database = await databases.blank("market")
    await make_tables(database, no_versions)
    yield database
    await databases.drop(database)


@pytest.fixture(scope="session")
async def ledger_database(databases: Databases, no_versions: Path) -> AsyncGenerator[ServiceDatabase]:
    database = await databases.blank("ledger")
    await make_tables(database, no_versions)
    yield database
    await databases.drop(database)


@pytest.fixture(scope="session")
async def bus_database(databases: Databases) -> AsyncGenerator[ServiceDatabase]:
    database = await databases.fresh("bus")
    yield database
    await databases.drop(database)


@pytest.fixture
async def bus(bus_database: ServiceDatabase, clock: ManualClock) -> AsyncGenerator[PostgresBus]:
    """An empty bus; the suite of another transport gives its own in this one's place."""
    await empty_bus(bus_database)
    made = PostgresBus(bus_database, clock)
    yield made
    await made.close()


@pytest.fixture
async def publisher_database(market_database: ServiceDatabase) -> ServiceDatabase:
    await empty_tables(market_database)
    return market_database


@pytest.fixture
async def consumer_database(ledger_database: ServiceDatabase) -> ServiceDatabase:
    await empty_tables(ledger_database)
    return ledger_database


@pytest.fixture
async def publisher(publisher_database: ServiceDatabase, clock: ManualClock) -> AsyncGenerator[Service]:
    """The service whose acts become events."""
    async with serving(publisher_database, clock, "market") as service:
        yield service


@pytest.fixture
async def effects(consumer_database: ServiceDatabase, clock: ManualClock) -> AsyncGenerator[Effects]:
    """The service that consumes them."""
    async with serving(consumer_database, clock, "ledger") as service:
        yield Effects(service)
