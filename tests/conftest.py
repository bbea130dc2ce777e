"""Fixtures of every test: one PostgreSQL a session, a clock that is moved by hand, ids made from it."""

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chassis.clock import ManualClock
from chassis.ids import IdSource
from chassis.telemetry.logs import configure_logs
from tests.support.postgres import ClusterOfSession, DatabaseMaker, Databases, ServiceDatabase

configure_logs("ERROR")
if TYPE_CHECKING:  # it loads every service, which a test of a domain should not wait for
    from tests.support.deployment import WholeDeployment
    from tests.support.kafka import KafkaOfSession

_CLUSTER = pytest.StashKey[ClusterOfSession]()


def _cluster(config: pytest.Config) -> ClusterOfSession:
    if _CLUSTER not in config.stash:
        config.stash[_CLUSTER] = ClusterOfSession()
    return config.stash[_CLUSTER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: the process that hands out tests owns the server, so that no worker's end takes it away."""
    node.workerinput["cluster"] = _cluster(node.config).address


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = config.stash.get(_CLUSTER, None)
    if cluster is not None:
        cluster.stop()


@pytest.fixture(scope="session")
def cluster_address(request: pytest.FixtureRequest) -> dict[str, str]:
    worker_input: dict[str, Any] | None = getattr(request.config, "workerinput", None)
    return worker_input["cluster"] if worker_input is not None else _cluster(request.config).address


@pytest.fixture(scope="session")
async def databases(
    cluster_address: dict[str, str], request: pytest.FixtureRequest
) -> AsyncGenerator[Databases]:
    """Makes databases; whoever makes one by it drops it."""
    worker_input: dict[str, Any] | None = getattr(request.config, "workerinput", None)
    maker = Databases(cluster_address, worker_input["workerid"] if worker_input else "main")
    yield maker
    await maker.close()


@pytest.fixture(scope="session")
def kafka() -> "Generator[KafkaOfSession]":
    """The broker of this session, started for the first test that asks; left out without Java and Maven."""
    from tests.support.kafka import kafka_or_skip

    made = kafka_or_skip()
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def fresh_database(databases: Databases) -> AsyncGenerator[DatabaseMaker]:
    """`await fresh_database("market")`: a migrated, empty database, dropped after the test."""
    made: list[ServiceDatabase] = []

    async def make(service: str) -> ServiceDatabase:
        made.append(await databases.fresh(service))
        return made[-1]

    yield make
    for database in made:
        await databases.drop(database)


@pytest.fixture
async def blank_database(databases: Databases) -> AsyncGenerator[DatabaseMaker]:
    """`await blank_database("market")`: the service's roles and no table, dropped after the test."""
    made: list[ServiceDatabase] = []

    async def make(service: str) -> ServiceDatabase:
        made.append(await databases.blank(service))
        return made[-1]

    yield make
    for database in made:
        await databases.drop(database)


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> "AsyncGenerator[WholeDeployment]":
    """All services behind the gateway, one a module; its `DEPLOYMENT_SETTINGS` are settings by service.

    In one process; tests of flows ask for one of many servers, too (tests/flows/conftest.py).
    """
    if getattr(request, "param", None) == "network":
        from tests.support.network import network_deployment as whole_deployment
    else:
        from tests.support.deployment import whole_deployment

    overrides = getattr(request.module, "DEPLOYMENT_SETTINGS", None)
    async with whole_deployment(databases, tmp_path_factory.mktemp("keys"), overrides) as made:
        yield made


@pytest.fixture
def clock() -> ManualClock:
    """Stands still at noon; `clock.advance(...)` moves it."""
    return ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def ids(clock: ManualClock) -> IdSource:
    return IdSource(clock)
