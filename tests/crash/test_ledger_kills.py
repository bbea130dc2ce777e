"""Ledger processes under load are killed 50 times, PostgreSQL 10 times with them: what was told stays."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.crash.ledger_clients import Client, Floor, MarketClient, MemberClient
from tests.crash.ledger_desk import Desk
from tests.crash.ledger_processes import ServedLedger, served_ledger
from tests.services.ledger.house import UNION, LedgerHouse
from tests.services.ledger.raw_books import all_rows, changed_tables, faults_of_books, verified_journal
from tests.support.postgres import ClusterOfSession, Databases

SEED = 20_270_311
KILLS, KILLS_OF_POSTGRESQL = 50, 10
MEMBERS, CLIENTS, MARKETS, PROCESSES = 6, 15, 3, 2
PAUSE_OF_CLIENT_SECONDS = 0.05
PAUSE_SECONDS_MAX = 0.8
REPEATERS = 12
CUT_AT_LEAST, POSTED_AT_LEAST, EXPIRED_AT_LEAST = 50, 500, 20
SETTLED = ("exists", "id_already_failed", "cancelled")
"""How every answer to a repeat begins."""


@pytest.fixture
async def durable_cluster() -> AsyncGenerator[ClusterOfSession]:
    """One of its own, that writes to its disk what it says is committed."""
    made = await asyncio.to_thread(ClusterOfSession, durable=True)
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)


@pytest.mark.slow
async def test_what_was_acknowledged_outlasts_fifty_kills(
    durable_cluster: ClusterOfSession, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        databases = Databases(durable_cluster.address, "kills")
        stack.push_async_callback(databases.close)
        served = await stack.enter_async_context(
            served_ledger(databases, tmp_path, members_count=MEMBERS, processes_count=PROCESSES)
        )
        desk, url = Desk(served, stack, SEED), served.house.database.superuser_url
        async with _asking(desk):
            await _kill_again_and_again(served, durable_cluster.kill_and_restart)
        print(desk.cut, "requests cut", desk.answers, dict(desk.told.results))
        await served.all_holds_ended()
        assert await faults_of_books(url, UNION) == []
        assert await desk.told.faults(url) == []
        served.house.client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=served.processes[0].url, timeout=60)
        )
        await _repeats_change_nothing(desk)
        journal = await verified_journal(served.house)
        assert journal.rows_count == await served.house.count("transfers")
        await _enough_happened(served.house, desk)


@asynccontextmanager
async def _asking(desk: Desk) -> AsyncGenerator[None]:
    """Clients go on while this is entered, each until its last request is answered."""
    floor, over = Floor(desk, MEMBERS), asyncio.Event()
    clients: list[Client] = [MarketClient(floor, f"{SEED} market {place}") for place in range(MARKETS)]
    clients += [
        MemberClient(floor, f"{SEED} {place}", 1 + place % MEMBERS) for place in range(CLIENTS - MARKETS)
    ]

    async def go_on(client: Client) -> None:
        while not over.is_set():
            await client.act()
            await asyncio.sleep(PAUSE_OF_CLIENT_SECONDS)

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(go_on(client))
        yield
        over.set()


async def _kill_again_and_again(served: ServedLedger, kill_postgresql: Callable[[], None]) -> None:
    chance = random.Random(SEED)
    with_postgresql = set(chance.sample(range(KILLS), KILLS_OF_POSTGRESQL))
    for number in range(KILLS):
        pause = chance.uniform(0, PAUSE_SECONDS_MAX)
        await asyncio.sleep(pause)
        process, began = chance.choice(served.processes), time.monotonic()
        process.kill()
        if number in with_postgresql:
            await asyncio.to_thread(kill_postgresql)
        process.start()
        await asyncio.to_thread(process.wait_until_live)
        print(
            f"kill {number + 1}/{KILLS} after {pause:.2f} s (seed {SEED}), PostgreSQL too: "
            f"{number in with_postgresql}; back after {time.monotonic() - began:.1f} s",
            flush=True,
        )


async def _repeats_change_nothing(desk: Desk) -> None:
    """All that was answered is sent again, signed anew; several at once."""
    url = desk.house.database.superuser_url
    left, cancelled, before = desk.sent[::-1], desk.cancelled[:], await all_rows(url)

    async def repeat() -> None:
        while left:
            number, batch = left.pop()
            results = await desk.post(number, batch)
            assert all(one["result"].startswith(SETTLED) for one in results), (batch, results)
        while cancelled:
            assert all(one.startswith(SETTLED) for one in await desk.cancel(cancelled.pop()))

    async with asyncio.TaskGroup() as group:
        for _ in range(REPEATERS):
            group.create_task(repeat())
    assert changed_tables(before, await all_rows(url)) == set()
    assert await desk.told.faults(url) == []


async def _enough_happened(house: LedgerHouse, desk: Desk) -> None:
    assert desk.cut >= CUT_AT_LEAST
    assert desk.told.results["posted"] >= POSTED_AT_LEAST
    expired = await house.rows("SELECT count(*) FROM holds WHERE state = 'expired'")
    assert expired[0][0] >= EXPIRED_AT_LEAST
