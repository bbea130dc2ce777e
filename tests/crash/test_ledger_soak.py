"""Two ledger processes, 64 clients, 20 accounts of members: whatever conflicts, the books stay whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.ledger.domain.rights import Code
from services.ledger.domain.transfers import Flag
from tests.crash.ledger_clients import Client, Floor, MarketClient, MemberClient
from tests.crash.ledger_desk import Desk
from tests.crash.ledger_processes import served_ledger
from tests.services.ledger.house import UNION, LedgerHouse
from tests.services.ledger.raw_books import faults_of_books, verified_journal
from tests.support.postgres import Databases

SEED = 20_270_310
SECONDS, LONGER_SECONDS = 60, 120
"""How long, and how much longer at most on a machine that is slow or busy with other things."""
MEMBERS, CLIENTS, MARKETS, PROCESSES = 20, 64, 8, 2
ANSWERED_AT_LEAST = 300
TOLD_AT_LEAST = {
    "posted": 700,
    "exists": 200,
    "exists_with_different_amount": 15,
    "id_already_failed": 150,
    "insufficient_funds": 300,
    "linked_transfer_failed": 150,
    "pending_already_posted": 5,
    "pending_already_voided": 5,
    "pending_expired": 20,
    "cancelled": 10,
    "cancellation: cancelled": 10,
    "cancellation: exists": 10,
}
POSTED_AT_LEAST: Mapping[int, int] = {
    Code.PAY: 500,
    Code.HOLD: 80,
    Code.HOLD_POST: 10,
    Code.HOLD_VOID: 10,
    Code.HOLD_EXPIRE: 40,
    Code.ESCROW_FUND: 8,
    Code.ESCROW_PAY: 5,
    Code.ESCROW_REFUND: 5,
}
FLAGGED_AT_LEAST = {f"flags {int(Flag.LINKED)}": 50, f"flags {int(Flag.BALANCING_DEBIT)}": 20}
"""Where less happened, the test has shown nothing. A machine of two cores does seven times as much."""


@pytest.mark.slow
async def test_two_processes_under_conflicting_clients_leave_whole_books(
    databases: Databases, tmp_path: Path
) -> None:
    async with (
        served_ledger(databases, tmp_path, members_count=MEMBERS, processes_count=PROCESSES) as served,
        AsyncExitStack() as stack,
    ):
        desk, url = Desk(served, stack, SEED), served.house.database.superuser_url
        await _all_ask(served.house, desk)
        print(desk.answers, dict(desk.told.results))
        assert await faults_of_books(url, UNION) == [], "while holds are pending"
        await served.all_holds_ended()
        assert await faults_of_books(url, UNION) == []
        assert await desk.told.faults(url) == []
        served.house.client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=served.processes[0].url, timeout=60)
        )
        journal = await verified_journal(served.house)
        assert journal.rows_count == await served.house.count("transfers")
        assert len(journal.entries) == await served.house.count("journal_entries")
        await _enough_happened(served.house, desk)


async def _all_ask(house: LedgerHouse, desk: Desk) -> None:
    floor = Floor(desk, MEMBERS)
    clients: list[Client] = [MarketClient(floor, f"{SEED} market {place}") for place in range(MARKETS)]
    clients += [
        MemberClient(floor, f"{SEED} {place}", 1 + place % MEMBERS) for place in range(CLIENTS - MARKETS)
    ]
    is_over = asyncio.Event()

    async def go_on(client: Client) -> None:
        while not is_over.is_set():
            await client.act()

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(go_on(client))
        await asyncio.sleep(SECONDS)
        end = time.monotonic() + LONGER_SECONDS
        while await _missing(house, desk) and time.monotonic() < end:  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(1)
        is_over.set()


async def _enough_happened(house: LedgerHouse, desk: Desk) -> None:
    assert desk.cut == 0
    assert all(process[200] >= ANSWERED_AT_LEAST for process in desk.answers)
    assert await _missing(house, desk) == {}


async def _missing(house: LedgerHouse, desk: Desk) -> Mapping[Any, int]:
    """What happened less often than it has to, and how often."""
    codes = await house.rows("SELECT code, count(*) AS counted FROM transfers GROUP BY code")
    flags = await house.rows("SELECT flags, count(*) AS counted FROM transfers GROUP BY flags")
    return {
        **_too_few(desk.told.results, TOLD_AT_LEAST),
        **_too_few({Code(row["code"]): row["counted"] for row in codes}, POSTED_AT_LEAST),
        **_too_few({f"flags {row['flags']}": row["counted"] for row in flags}, FLAGGED_AT_LEAST),
    }


def _too_few(counted: Mapping[Any, int], least: Mapping[Any, int]) -> dict[Any, int]:
    return {name: counted.get(name, 0) for name in least if counted.get(name, 0) < least[name]}
