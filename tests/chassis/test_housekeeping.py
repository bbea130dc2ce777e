"""The days of a service's tables are made ahead; a day of the outbox goes only once it is on the bus."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from chassis.day_partitions import kept_days
from chassis.housekeeping import HOUSEKEEPING_LOCK, keep_house
from chassis.migrations import migrate_service
from chassis.settings import ServiceSettings
from chassis.tables import DAILY_TABLES
from tests.chassis.toy import TOY_SCHEMA
from tests.support.postgres import DatabaseMaker, ServiceDatabase

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
async def database(blank_database: DatabaseMaker) -> ServiceDatabase:
    made = await blank_database("market")
    await migrate_service(TOY_SCHEMA, made.owner_url)
    return made


async def _keep(database: ServiceDatabase, now: datetime) -> None:
    settings = {"database_url": database.url, "owner_database_url": database.owner_url, "bus_url": "x"}
    files = {"service_key_file": "x", "service_keys_file": "x"}
    await keep_house(ServiceSettings.model_validate(settings | files), now)


async def _days(database: ServiceDatabase, table: str) -> list[date]:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return await kept_days(connection, table)
    finally:
        await connection.close()


async def _publish(database: ServiceDatabase, day: date, *, relayed: bool) -> None:
    connection = await asyncpg.connect(database.superuser_url)
    try:
        await connection.execute(
            "INSERT INTO outbox (written_on, event_id, type, key, time, data, traceparent, correlation_id, "
            "relayed) VALUES ($1, $2, 'x', 'x', $3, '', '', '', $4)",
            day,
            uuid4(),
            datetime(day.year, day.month, day.day, tzinfo=UTC),
            relayed,
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("table", DAILY_TABLES)
async def test_the_days_ahead_are_made(database: ServiceDatabase, table: str) -> None:
    for _ in range(2):
        await _keep(database, NOW)
    assert {TODAY + timedelta(days=ahead) for ahead in range(3)} <= set(await _days(database, table))


@pytest.mark.parametrize(("table", "kept_count"), [("outbox", 1), ("idempotency_keys", 2), ("inbox", 21)])
async def test_the_days_that_are_over_are_dropped(
    database: ServiceDatabase, table: str, kept_count: int
) -> None:
    await _keep(database, NOW)
    await _keep(database, NOW + timedelta(days=kept_count))
    assert TODAY in await _days(database, table)
    await _keep(database, NOW + timedelta(days=kept_count + 1))
    assert TODAY not in await _days(database, table)


async def test_a_day_of_the_outbox_stays_until_all_of_it_is_on_the_bus(database: ServiceDatabase) -> None:
    await _keep(database, NOW)
    await _publish(database, TODAY, relayed=True)
    await _publish(database, TODAY, relayed=False)
    await _keep(database, NOW + timedelta(days=30))
    assert TODAY in await _days(database, "outbox")
    connection = await asyncpg.connect(database.superuser_url)
    assert await connection.fetchval("SELECT count(*) FROM outbox") == 2
    await connection.execute("UPDATE outbox SET relayed = true")
    await connection.close()
    await _keep(database, NOW + timedelta(days=30))
    assert TODAY not in await _days(database, "outbox")


async def test_one_process_keeps_house_and_others_pass(database: ServiceDatabase) -> None:
    before = await _days(database, "inbox")
    other = await asyncpg.connect(database.owner_url)
    try:
        await other.execute("SELECT pg_advisory_lock($1)", HOUSEKEEPING_LOCK)
        await _keep(database, NOW)
        assert await _days(database, "inbox") == before
    finally:
        await other.close()
