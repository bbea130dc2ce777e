"""A union's ledger served by processes of their own on one database; identity answers from the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chassis.clock import ManualClock
from guildhall.postgres.roles import BUS
from tests.services.ledger.house import LedgerHouse, running_ledger
from tests.services.ledger.identity_edge import PUBLIC_URL, Edge
from tests.support.network import listening
from tests.support.postgres import Databases, ServiceDatabase
from tests.support.served import ServedProcess, environment_of

ENDED_WITHIN_SECONDS = 60
"""Holds of the tests are shorter by far."""
_PENDING = "SELECT FROM holds WHERE state = 'pending'"
NOWHERE = {f"{name}_URL": "http://127.0.0.1:1" for name in ("GRAPH", "MARKET", "FUNDING")}


class GoingClock(ManualClock):
    """The machine's time, which the processes have, or later where it was moved."""

    def now(self) -> datetime:
        return max(super().now(), datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class ServedLedger:
    """`house` serves nothing any more: it signs for the members and reads rows."""

    house: LedgerHouse
    processes: list[ServedProcess]

    async def all_holds_ended(self) -> None:
        """By the timers of the processes: from then on nothing is posted that nobody asks for."""
        async with asyncio.timeout(ENDED_WITHIN_SECONDS):
            # Rows are looked at: they tell nobody.
            while await self.house.rows(_PENDING):  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.2)


@asynccontextmanager
async def served_ledger(
    databases: Databases, folder: Path, *, members_count: int, processes_count: int
) -> AsyncGenerator[ServedLedger]:
    """A union of a founder and members 1 to `members_count`, each with an unlocked grant; all is live."""
    ledger, bus = await databases.fresh("ledger"), await databases.fresh(BUS)
    try:
        house = await _founded(ledger, bus, folder, members_count)
        async with AsyncExitStack() as stack:
            identity = await stack.enter_async_context(listening(Edge(house.identity, house.issuer).app))
            environment = environment_of("ledger", {"ledger": ledger, BUS: bus}, folder, PUBLIC_URL)
            environment |= NOWHERE | {"IDENTITY_URL": identity}
            processes = [
                ServedProcess("ledger", environment, log=folder / f"ledger-{place}.log")
                for place in range(processes_count)
            ]
            for process in processes:
                stack.callback(process.start().end)
            for process in processes:
                await asyncio.to_thread(process.wait_until_live)
            yield ServedLedger(house, processes)
    finally:
        await databases.drop(ledger)
        await databases.drop(bus)


async def _founded(
    ledger: ServiceDatabase, bus: ServiceDatabase, folder: Path, members_count: int
) -> LedgerHouse:
    """Of the house nothing runs any more; identity knows a device of every member."""
    async with running_ledger(ledger, bus, folder, GoingClock(datetime.now(UTC))) as house:
        await house.found(members_count)
    for number in range(members_count + 1):
        house.device(number)
    return house
