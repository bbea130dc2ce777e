"""Two starts at once migrate once; the run-time role may not change what is append-only."""

import asyncio
from datetime import date

import asyncpg
import pytest

from chassis.day_partitions import make_days
from chassis.migrations import migrate_service
from chassis.tables import APPEND_ONLY_TABLES
from guildhall.embedded.schemas import schema_of
from guildhall.postgres.roles import SERVICES
from tests.chassis.toy import TOY_SCHEMA
from tests.support.postgres import DatabaseMaker


async def test_of_two_starts_at_once_one_migrates(blank_database: DatabaseMaker) -> None:
    database = await blank_database("market")
    starts = [migrate_service(TOY_SCHEMA, database.owner_url) for _ in range(2)]
    assert sorted(await asyncio.gather(*starts)) == [False, True]
    connection = await asyncpg.connect(database.url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM counters") == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_append_only_grows_and_never_changes(
    fresh_database: DatabaseMaker, service: str
) -> None:
    database = await fresh_database(service)
    connection = await asyncpg.connect(database.url)
    try:
        for table in (*APPEND_ONLY_TABLES, *schema_of(service).append_only_tables):
            column = await connection.fetchval(
                "SELECT column_name FROM information_schema.columns WHERE table_name = $1 "
                "AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position LIMIT 1",
                table,
            )
            for statement in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
            await connection.execute(f"SELECT FROM {table} LIMIT 1")
    finally:
        await connection.close()


async def test_large_events_are_stored_as_they_are_on_every_day(fresh_database: DatabaseMaker) -> None:
    database = await fresh_database("ledger")
    connection = await asyncpg.connect(database.owner_url)
    try:
        await make_days(connection, "outbox", "written_on", date(2027, 3, 1))
        stored = await connection.fetch(
            "SELECT DISTINCT a.attstorage::text FROM pg_inherits i "
            "JOIN pg_attribute a ON a.attrelid = i.inhrelid "
            "WHERE i.inhparent = 'outbox'::regclass AND a.attname = 'data'"
        )
    finally:
        await connection.close()
    assert [row[0] for row in stored] == ["e"]
