"""Two processes relay and consume and are killed again and again: nothing is lost, doubled or reordered."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import asyncpg
import pytest

from chassis.clock import SystemClock
from tests.chassis.bus.house import Effects, make_tables, paid, serving, until
from tests.crash.bus_process import Addresses
from tests.support.postgres import DatabaseMaker

ROOT = Path(__file__).parents[2]
SEED = 20_270_301
KEYS, ROUNDS, KILLS = 30, 60, 12


class Killed:
    """A process that is started again whenever it was killed."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.bus_process", json.dumps(asdict(self._addresses))),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        said = await self._process.stdout.readline()
        assert said.startswith(b"working")

    async def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


@pytest.mark.slow
async def test_processes_killed_at_any_moment_lose_double_and_reorder_nothing(
    fresh_database: DatabaseMaker, blank_database: DatabaseMaker, tmp_path: Path
) -> None:
    bus = await fresh_database("bus")
    market, ledger = await blank_database("market"), await blank_database("ledger")
    for database in (market, ledger):
        await make_tables(database, tmp_path)
    chance = random.Random(SEED)
    processes = [Killed(Addresses(market.url, ledger.url, bus.url, name)) for name in ("one", "two")]
    clock = SystemClock()
    async with serving(market, clock, "market") as publisher, serving(ledger, clock, "ledger") as consumer:

        async def act() -> None:
            for value in range(ROUNDS):
                await publisher.publish([paid(key, value) for key in range(KEYS)])
                await asyncio.sleep(0.2)

        acting = asyncio.create_task(act())
        try:
            await asyncio.gather(*(process.start() for process in processes))
            for number in range(KILLS):
                pause = chance.uniform(0.05, 1.5)
                await asyncio.sleep(pause)
                victim = processes[number % 2]
                print(f"kill {number + 1} after {pause:.2f} s (seed {SEED})")
                await victim.kill()
                await victim.start()
            await acting
            effects = Effects(consumer)

            async def all_here() -> bool:
                return await effects.count() >= KEYS * ROUNDS

            await until(all_here, within_seconds=60)
        finally:
            acting.cancel()
            for process in processes:
                await process.kill()
        assert await effects.by_key() == {key: list(range(ROUNDS)) for key in range(KEYS)}
    await _repeats(bus.superuser_url)


async def _repeats(url: str) -> None:
    """How many events are on the bus more than once; shown, since kills should have made some."""
    connection = await asyncpg.connect(url)
    repeats: int = await connection.fetchval("SELECT count(*) - count(DISTINCT event_id) FROM log") or 0
    await connection.close()
    print(f"{repeats} repeats on the bus, dropped by the inbox")
