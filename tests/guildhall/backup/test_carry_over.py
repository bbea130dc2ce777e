"""A backup goes on in another PostgreSQL with other passwords, on another bus: rows, rights and events."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from chassis.bus.postgres import PostgresTransport
from chassis.bus.postgres.schema import migrate_bus
from chassis.clock import ManualClock
from chassis.ids import IdSource
from guildhall.audit.run import audit
from guildhall.backup.archive import opened_backup
from guildhall.backup.carry_over import CarriedOver, carry_over
from guildhall.backup.restore import restore
from guildhall.embedded.cluster import ExternalCluster, service_urls
from guildhall.embedded.deployment import DatabaseUrls, DeploymentPlan, running
from guildhall.embedded.opened import opened_databases
from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles, prepare_cluster
from guildhall.refusals import StartRefused
from tests.guildhall.audit.conftest import PATIENT
from tests.guildhall.backup.conftest import LivedIn
from tests.guildhall.backup.living_house import settings_of
from tests.support.deployment import PUBLIC_URL, client_of

pytestmark = pytest.mark.slow
BEHIND = """
SELECT count(*) FROM group_offsets JOIN heads USING (partition)
WHERE heads.position > group_offsets.position
"""
RIGHTS = """
SELECT c.relname, c.relkind::text, pg_get_userbyid(c.relowner), array_to_string(c.relacl, ' ')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v') ORDER BY 1
"""
DEFAULT_RIGHTS = """
SELECT pg_get_userbyid(defaclrole), defaclobjtype::text, array_to_string(defaclacl, ' ') FROM pg_default_acl
UNION ALL SELECT 'schema', nspname, array_to_string(nspacl, ' ') FROM pg_namespace WHERE nspname = 'public'
ORDER BY 1, 2
"""
UNMARKED = "UPDATE outbox SET relayed = false WHERE position = (SELECT max(position) FROM outbox)"


@dataclass(slots=True)
class NewHome:
    """Another cluster, prepared and empty; `carried` once the backup is in it."""

    cluster: ExternalCluster
    plan: DeploymentPlan
    carried: CarriedOver | None = None

    @property
    def urls(self) -> dict[str, str]:
        """The superuser's."""
        names = (*SERVICES, BUS)
        return {name: self.cluster.superuser_url(DatabaseRoles.of(name).database) for name in names}


@pytest.fixture(scope="module")
def server(short_folder: Path) -> Generator[PostgresServer]:
    server = PostgresServer(short_folder / "another", "another password", ServerOptions(durable=False))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def new_home(server: PostgresServer, short_folder: Path, lived_in: LivedIn) -> NewHome:
    cluster = ExternalCluster(server.tcp_url("postgres"))
    passwords = Passwords(short_folder / "other-passwords.json")
    await prepare_cluster(cluster.superuser_url(), passwords)
    databases = {name: DatabaseUrls(*service_urls(cluster, passwords, name)) for name in (*SERVICES, BUS)}
    await migrate_bus(databases[BUS].owner_url)
    clock = ManualClock(lived_in.house.deployment.clock.now())
    plan = DeploymentPlan(
        databases=databases,
        keys_folder=lived_in.house.folder / "secrets",
        public_url=PUBLIC_URL,
        clock=clock,
        overrides=PATIENT,
    )
    home = NewHome(cluster, plan)
    bus = PostgresTransport(databases[BUS].url, clock, IdSource(clock).new())
    await bus.open()
    owners = {name: urls.owner_url for name, urls in databases.items()}
    with opened_backup(lived_in.backup.file) as backup:
        await asyncio.to_thread(restore, backup, short_folder / "carried")
    home.carried = await carry_over(short_folder / "carried", owners, bus)
    await bus.close()
    return home


@pytest.fixture(scope="module")
def old_home(lived_in: LivedIn, short_folder: Path) -> Generator[Mapping[str, str]]:
    """The databases as they were at the moment of the backup."""
    folder = short_folder / "old"
    with opened_backup(lived_in.backup.file) as backup:
        restore(backup, folder)
    with opened_databases(settings_of(folder)) as urls:
        yield urls


async def eventually(look: Callable[[], Awaitable[object]], wanted: object) -> None:
    deadline = asyncio.get_running_loop().time() + 60
    while (seen := await look()) != wanted:
        assert asyncio.get_running_loop().time() < deadline, f"still {seen}"
        await asyncio.sleep(0.1)


async def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_owners_and_rights_are_those_of_the_old_home(
    new_home: NewHome, old_home: Mapping[str, str], service: str
) -> None:
    for statement in (RIGHTS, DEFAULT_RIGHTS):
        before = await rows(old_home[service], statement)
        assert await rows(new_home.urls[service], statement) == before and before


async def test_the_bus_has_every_event_that_was_kept_once(
    new_home: NewHome, old_home: Mapping[str, str]
) -> None:
    for table in ("log", "states"):
        ids = f"SELECT event_id FROM {table} ORDER BY 1"
        before = await rows(old_home[BUS], ids)
        assert await rows(new_home.urls[BUS], ids) == before and before
    assert new_home.carried is not None
    assert [(new_home.carried.events_count,)] == await rows(old_home[BUS], "SELECT count(*) FROM log")


async def test_events_of_a_key_stand_in_their_order(new_home: NewHome) -> None:
    disorder = """
        SELECT key FROM (SELECT key, source, sequence,
                                lag(sequence) OVER (PARTITION BY source, key ORDER BY position) AS before
                         FROM log) AS pair WHERE sequence < before
    """
    assert await rows(new_home.urls[BUS], disorder) == []


async def test_a_home_that_is_not_empty_is_refused(new_home: NewHome, short_folder: Path) -> None:
    owners = {name: urls.owner_url for name, urls in new_home.plan.databases.items()}
    bus = PostgresTransport(
        new_home.plan.databases[BUS].url, new_home.plan.clock, IdSource(new_home.plan.clock).new()
    )
    with pytest.raises(StartRefused, match="is not empty"):
        await carry_over(short_folder / "carried", owners, bus)


async def test_the_union_goes_on_there_and_nothing_has_its_effect_twice(
    new_home: NewHome, old_home: Mapping[str, str]
) -> None:
    await rows(new_home.urls["market"], UNMARKED)  # as if it had not been relayed: it is, again
    transfers = "SELECT count(*) FROM transfers"
    before = await rows(old_home["ledger"], transfers)
    async with running(new_home.plan) as deployment, client_of(deployment, PUBLIC_URL) as http:
        listed = await http.get("/v1/unions")
        assert [union["name"] for union in listed.json()["items"]] == ["Joiners"]
        await eventually(lambda: rows(new_home.urls[BUS], BEHIND), [(0,)])
        verdicts = await audit(new_home.urls, new_home.plan.clock, looks_max=20)
    assert [verdict.checked.findings for verdict in verdicts if not verdict.holds] == []
    assert await rows(new_home.urls["ledger"], transfers) == before
