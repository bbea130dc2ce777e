"""What the doctor says of databases, with each trouble planted once in a deployment that is well."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from chassis.clock import ManualClock
from guildhall.doctor.command import budgeted_connections, groups_of_facts, report
from guildhall.doctor.databases import clock_skew, database_findings
from guildhall.doctor.finding import Finding, Level
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings
from tests.support.deployment import WholeDeployment

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
PARKED = """
INSERT INTO parked_events
    (group_name, source, type, key, event_id, envelope, error, tries_count, parked_at)
VALUES ('market', '/services/identity', 'union', 'k', '0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f', '{}', 'e', 5,
        '2027-03-01')
"""
UNRELAYED = """
INSERT INTO outbox (written_on, event_id, type, key, time, data)
VALUES ('2000-01-01', '0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f', 'offer', 'k', '2000-01-01', '{}')
"""
WAITING = """
INSERT INTO intents (id, kind, key, payload, resource, state, next_attempt_at, created_at, last_error)
VALUES ('0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f', 'k', 'k', '{}', '/r', 'waiting', '2999-01-01', '2000-01-01',
        'the ledger is away')
"""
TROUBLES = [
    ("market", PARKED, "DELETE FROM parked_events", "events.parked.market", Level.BROKEN),
    ("market", WAITING, "DELETE FROM intents WHERE key = 'k'", "intents.answered.market", Level.UNSAFE),
    (
        "bus",
        "UPDATE heads SET low_water = 1000000 WHERE partition = 3",
        "UPDATE heads SET low_water = 0 WHERE partition = 3",
        "events.lost",
        Level.BROKEN,
    ),
    (
        "graph",
        "UPDATE chassis_version SET version_num = '0001'",
        "UPDATE chassis_version SET version_num = '0002'",
        "databases.schema",
        Level.BROKEN,
    ),
    (
        "graph",
        "UPDATE alembic_version SET version_num = '0999'",
        "UPDATE alembic_version SET version_num = '0001'",
        "databases.schema",
        Level.BROKEN,
    ),
]


async def findings(deployment: WholeDeployment, clock: ManualClock | None = None) -> list[Finding]:
    services = {name: deployment.chassis(name) for name in deployment.deployment.services}
    urls = {name: database.superuser_url for name, database in deployment.databases.items()}
    looked = database_findings(
        urls,
        read_settings(GuildhallSettings, None, doctor_clock_skew_max_ms=10**12),
        clock or deployment.clock,
        budgeted_connections=budgeted_connections(services),
        groups_of_facts=groups_of_facts(services),
    )
    return [finding async for finding in looked]


@asynccontextmanager
async def planted(url: str, statement: str, undone_by: str) -> AsyncGenerator[None]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
        try:
            yield
        finally:
            await connection.execute(undone_by)
    finally:
        await connection.close()


async def test_a_deployment_that_is_well_has_nothing_to_mend(deployment: WholeDeployment) -> None:
    found = await findings(deployment)
    assert {finding.level for finding in found} == {Level.WELL}, found
    assert {"databases.version", "databases.locale", "databases.connections", "databases.clock"} <= {
        finding.name for finding in found
    }


@pytest.mark.parametrize(("database", "statement", "undone_by", "name", "level"), TROUBLES)
async def test_a_trouble_is_seen_and_what_mends_it_is_said(
    deployment: WholeDeployment, database: str, statement: str, undone_by: str, name: str, level: Level
) -> None:
    async with planted(deployment.databases[database].superuser_url, statement, undone_by):
        troubles = [finding for finding in await findings(deployment) if finding.is_trouble]
    assert {(finding.name, finding.level) for finding in troubles} == {(name, level)}
    assert all(finding.mend for finding in troubles)


async def test_events_that_nobody_relays_are_seen(
    deployment: WholeDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = ManualClock(datetime(2030, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(deployment.chassis("identity").relay, "_bus", _Away())
    url = deployment.databases["identity"].superuser_url
    async with planted(url, UNRELAYED, "DELETE FROM outbox WHERE key = 'k'"):
        troubles = {one.name: one.level for one in await findings(deployment, later) if one.is_trouble}
    assert troubles["events.relayed.identity"] is Level.UNSAFE


class _Away:
    async def append(self, _: object) -> None:
        raise OSError("the bus is away")


async def test_databases_that_do_not_answer_are_one_finding(deployment: WholeDeployment) -> None:
    looked = database_findings(
        dict.fromkeys(deployment.databases, "postgresql://nobody@127.0.0.1:1/x"),
        read_settings(GuildhallSettings, None),
        deployment.clock,
        budgeted_connections=1,
        groups_of_facts=frozenset(),
    )
    assert [finding.name async for finding in looked] == ["databases.readable"]


def test_too_small_a_budget_of_connections_is_unsafe(deployment: WholeDeployment) -> None:
    services = {name: deployment.chassis(name) for name in deployment.deployment.services}
    assert budgeted_connections(services) == 5 + 5 * (4 + 2 * 3)
    assert groups_of_facts(services) == {"identity", "ledger"}


@pytest.mark.parametrize(
    ("there", "level"),
    [
        (lambda: NOON, Level.WELL),
        (lambda: NOON + timedelta(milliseconds=1_400), Level.WELL),
        (lambda: NOON + timedelta(milliseconds=2_500), Level.UNSAFE),
        (lambda: NOON - timedelta(milliseconds=1_500), Level.UNSAFE),
    ],
)
def test_a_clock_that_differs_is_unsafe(there: Callable[[], datetime], level: Level) -> None:
    found = clock_skew(NOON, there(), NOON + timedelta(milliseconds=500), 1_000)
    assert found.level is level


def test_the_exit_code_is_1_where_something_is_to_be_mended(capsys: pytest.CaptureFixture[str]) -> None:
    well = Finding(Level.WELL, "a", "all is well")
    off, unsafe = (
        Finding(Level.OFF, "b", "is off", "turn"),
        Finding(Level.UNSAFE, "c", "[is] open", "close it"),
    )
    assert report([well, off], as_json=False) == 0
    assert capsys.readouterr().out.endswith("Nothing to mend.\n")
    assert report([well, off, unsafe], as_json=False) == 1
    said = capsys.readouterr().out
    assert "[is] open" in said and "close it" in said and said.endswith("To mend: 1\n")
    assert report([unsafe], as_json=True) == 1
    assert '"mend": "close it"' in capsys.readouterr().out
