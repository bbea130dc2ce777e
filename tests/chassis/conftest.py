"""The toy service, started once on databases of its own and emptied before every test."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import asyncpg
import pytest

from chassis.clock import ManualClock
from chassis.migrations import migrate_service
from tests.chassis.toy import TOY_SCHEMA, Toy, running_toy
from tests.support.postgres import Databases

_TABLES = "counters, outbox, inbox, parked_events, idempotency_keys, intents, timers, act_log, signed_acts"

_AT_REST = """
SELECT count(*) <= (SELECT count(*) FROM inbox) AND coalesce(bool_and(relayed), true) FROM outbox
"""


@pytest.fixture(scope="session")
async def started_toy(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[tuple[Toy, str]]:
    database, bus = await databases.blank("market"), await databases.fresh("bus")
    await migrate_service(TOY_SCHEMA, database.owner_url)
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("toy")
    async with running_toy(database, bus, folder, clock, intent_wait_ms=300) as running:
        yield running, database.superuser_url
    for made in (database, bus):
        await databases.drop(made)


@pytest.fixture
async def toy(started_toy: tuple[Toy, str]) -> AsyncGenerator[Toy]:
    running, superuser_url = started_toy
    running.hooks.reset()
    yield running
    connection = await asyncpg.connect(superuser_url)
    try:
        async with asyncio.timeout(10):
            while not await connection.fetchval(_AT_REST):  # noqa: ASYNC110 - the database is what is asked
                await asyncio.sleep(0.02)
        await connection.execute(f"TRUNCATE {_TABLES}")
    finally:
        await connection.close()
