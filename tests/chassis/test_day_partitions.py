"""Days of a partitioned table: made ahead, dropped whole, never in the way."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta

import asyncpg
import pytest

from chassis.day_partitions import drop_days, empty_default, kept_days, make_days
from tests.support.postgres import DatabaseMaker, ServiceDatabase

TODAY = date(2027, 3, 1)


@pytest.fixture
async def database(blank_database: DatabaseMaker) -> ServiceDatabase:
    return await blank_database("market")


@pytest.fixture
async def owner(database: ServiceDatabase) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(
        "CREATE TABLE acts (done_on date NOT NULL, number integer) PARTITION BY RANGE (done_on);"
        "CREATE TABLE acts_default PARTITION OF acts DEFAULT"
    )
    yield connection
    await connection.close()


async def test_yesterday_today_and_the_days_ahead_are_made_once(owner: asyncpg.Connection) -> None:
    for _ in range(2):
        await make_days(owner, "acts", "done_on", TODAY)
    assert await kept_days(owner, "acts") == [TODAY + timedelta(days=offset) for offset in (-1, 0, 1, 2)]


async def test_a_day_whose_rows_fell_into_the_default_is_left_there(owner: asyncpg.Connection) -> None:
    await owner.execute("INSERT INTO acts VALUES ($1, 1)", TODAY)
    await make_days(owner, "acts", "done_on", TODAY)
    assert TODAY not in await kept_days(owner, "acts")
    assert await owner.fetchval("SELECT count(*) FROM acts") == 1
    await empty_default(owner, "acts", "done_on", TODAY)
    assert await owner.fetchval("SELECT count(*) FROM acts") == 1
    await empty_default(owner, "acts", "done_on", TODAY + timedelta(days=1))
    assert await owner.fetchval("SELECT count(*) FROM acts") == 0


async def test_old_days_are_dropped_where_nothing_speaks_against_it(owner: asyncpg.Connection) -> None:
    await make_days(owner, "acts", "done_on", TODAY)
    await owner.execute("INSERT INTO acts VALUES ($1, 1), ($2, 2)", TODAY, TODAY + timedelta(days=1))

    async def is_empty(connection: asyncpg.Connection, partition: str, _: date) -> bool:
        return not await connection.fetchval(f"SELECT count(*) FROM {partition}")

    after = TODAY + timedelta(days=2)
    assert await drop_days(owner, "acts", after, is_empty) == [TODAY - timedelta(days=1)]
    assert await drop_days(owner, "acts", after) == [TODAY, TODAY + timedelta(days=1)]
    assert await kept_days(owner, "acts") == [after]


async def test_a_day_that_is_in_use_is_dropped_another_time(
    owner: asyncpg.Connection, database: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.day_partitions.LOCK_TIMEOUT", "100ms")
    await make_days(owner, "acts", "done_on", TODAY)
    reader = await asyncpg.connect(database.owner_url)
    async with reader.transaction():
        await reader.fetch("SELECT FROM acts")
        assert await drop_days(owner, "acts", TODAY) == []
    await reader.close()
    assert await drop_days(owner, "acts", TODAY) == [TODAY - timedelta(days=1)]
