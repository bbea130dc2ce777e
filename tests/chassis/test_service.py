"""A service tells its health, ends what it has begun, and fits with the others into one PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

from chassis.clock import ManualClock
from chassis.migrations import migrate_service
from chassis.peers import PeerAnswer
from chassis.settings import ServiceSettings
from guildhall.environment_example import settings_classes
from guildhall.settings import GuildhallSettings
from tests.chassis.toy import TOY_SCHEMA, Toy, running_toy
from tests.support.postgres import DatabaseMaker, ServiceDatabase


@pytest.fixture
async def database(blank_database: DatabaseMaker) -> ServiceDatabase:
    made = await blank_database("market")
    await migrate_service(TOY_SCHEMA, made.owner_url)
    return made


@pytest.fixture
async def superuser(database: ServiceDatabase) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.superuser_url)
    yield connection
    await connection.close()


async def _health(toy: Toy, path: str) -> tuple[int, Any]:
    answer = await toy.client.get(path)
    return answer.status_code, answer.json()


async def test_a_service_without_its_database_lives_and_says_why_it_is_not_ready(
    database: ServiceDatabase,
    fresh_database: DatabaseMaker,
    superuser: asyncpg.Connection,
    tmp_path: Path,
    clock: ManualClock,
) -> None:
    async with running_toy(database, await fresh_database("bus"), tmp_path, clock) as toy:
        ready = {"service": "market", "ready": True, "faults": [], "warnings": []}
        assert await _health(toy, "/readyz") == (200, ready)
        await superuser.execute(f'ALTER DATABASE "{database.name}" CONNECTION LIMIT 0')
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2",
            database.name,
            superuser.get_server_pid(),
        )
        status, body = await _health(toy, "/readyz")
        assert (status, body["ready"]) == (503, False)
        assert any(fault.startswith("database: ") for fault in body["faults"])
        assert await _health(toy, "/livez") == (200, {"service": "market", "alive": True})
        await superuser.execute(f'ALTER DATABASE "{database.name}" CONNECTION LIMIT -1')
        async with asyncio.timeout(10):
            while (await _health(toy, "/readyz"))[0] != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_metrics_count_requests_by_route_and_status(toy: Toy) -> None:
    await toy.post("/v1/counters/a/steps", {"by": 1})
    text = (await toy.client.get("/metrics")).text
    labels = 'method="POST",route="/v1/counters/{name}/steps",service="market",status="201"'
    assert f"guildhall_requests_total{{{labels}}}" in text
    assert "guildhall_request_seconds_bucket" in text


async def test_an_end_lets_the_intents_under_way_finish(
    database: ServiceDatabase, fresh_database: DatabaseMaker, superuser: asyncpg.Connection, tmp_path: Path
) -> None:
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    asked, answer_now, served = asyncio.Event(), asyncio.Event(), asyncio.Event()
    bus = await fresh_database("bus")

    async def serve() -> None:
        async with running_toy(database, bus, tmp_path, clock, intent_wait_ms=20) as toy:
            call = toy.chassis.peers.call

            async def slowly(service: str, *rest: Any, **named: Any) -> PeerAnswer:
                if service == "ledger":
                    asked.set()
                    await answer_now.wait()
                return await call(service, *rest, **named)

            toy.chassis.peers.call = slowly  # type: ignore[method-assign]
            assert (await toy.post("/v1/counters/a/payment", key="k")).status_code == 202
            served.set()

    serving = asyncio.create_task(serve())
    await asyncio.wait_for(served.wait(), 20)
    assert asked.is_set()
    await asyncio.sleep(0.1)
    assert not serving.done()
    assert await superuser.fetchval("SELECT paid FROM counters") == "waiting"
    answer_now.set()
    await asyncio.wait_for(serving, 20)
    assert await superuser.fetchval("SELECT paid FROM counters") == "done"


SIDE_CONNECTIONS_MAX = 3
"""What the bus, and each service, may hold beside its pools: a listener, leases, housekeeping."""
RESERVED = 3


def test_the_pools_of_all_services_fit_the_launched_postgresql() -> None:
    kinds = [kind for kind in settings_classes() if issubclass(kind, ServiceSettings)]
    wanted = 0
    for kind in kinds:
        write, read = (
            cast("int", kind.model_fields[f"{name}_connections_max"].default) for name in ("write", "read")
        )
        wanted += write + 2 * read + SIDE_CONNECTIONS_MAX
    bus_pool = 4
    held = GuildhallSettings.model_fields["database_connections_max"].default
    assert wanted + bus_pool + SIDE_CONNECTIONS_MAX <= held - RESERVED
