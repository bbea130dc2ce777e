"""What it costs the writers of the bus that readers in other processes are woken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import TYPE_CHECKING

import asyncpg

from chassis.bus.postgres.side_connection import CHANNEL, SideConnection
from chassis.bus.postgres.wake_ups import WakeUps

if TYPE_CHECKING:
    from bench.bus.house import House

WRITERS = 8
ROUNDS = 9
_TABLE = "CREATE TABLE written (number bigint)"
_INSERT = "INSERT INTO written VALUES (1)"
_INSERT_AND_NOTIFY = f"INSERT INTO written SELECT 1 FROM pg_notify('{CHANNEL}', 'row')"

Write = Callable[[asyncpg.Connection], Awaitable[None]]


async def inserts_a_second(house: House, round_seconds: float) -> dict[str, float]:
    """Medians of rounds in turn: nobody told; told by our side connection; a NOTIFY in each transaction.

    Each insert is a transaction of one of eight writers. Another process' reader listens all along.
    """
    writers = [await asyncpg.connect(house.bus_owner_url) for _ in range(WRITERS)]
    listener = SideConnection(house.bus_url, WakeUps(), house.publisher.ids.new(), other_processes=True)
    teller = SideConnection(house.bus_url, WakeUps(), house.publisher.ids.new(), other_processes=True)
    listener.open()
    teller.open()

    async def silently(writer: asyncpg.Connection) -> None:
        await writer.execute(_INSERT)

    async def told_aside(writer: asyncpg.Connection) -> None:
        await writer.execute(_INSERT)
        teller.announce(("agreement.paid",))

    async def told_in_the_transaction(writer: asyncpg.Connection) -> None:
        await writer.execute(_INSERT_AND_NOTIFY)

    kinds: dict[str, Write] = {
        "nobody told": silently,
        "told by the side connection": told_aside,
        "a NOTIFY a row": told_in_the_transaction,
    }
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    try:
        await writers[0].execute(_TABLE)
        for _ in range(ROUNDS):
            for kind, write in kinds.items():
                found[kind].append(await _round(writers, write, round_seconds))
    finally:
        await teller.close()
        await listener.close()
        for writer in writers:
            await writer.close()
    return {kind: median(values) for kind, values in found.items()}


async def _round(writers: list[asyncpg.Connection], write: Write, seconds: float) -> float:
    until = time.perf_counter() + seconds

    async def keep_writing(writer: asyncpg.Connection) -> int:
        written = 0
        while time.perf_counter() < until:
            await write(writer)
            written += 1
        return written

    began = time.perf_counter()
    counts = await asyncio.gather(*(keep_writing(writer) for writer in writers))
    return sum(counts) / (time.perf_counter() - began)
