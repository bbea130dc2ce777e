"""What the same PostgreSQL does without a ledger: COPY of such rows, and pgbench's TPC-B."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bench.ledger.stored import copy_rows
from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class NotRun(Exception):
    """A peer is not there, or does not do here what was asked: why."""


async def copied_per_second(ledger_url: str, rows: int) -> float:
    """Rows as those of transfers, with their two unique indexes, COPY of as many as a batch a transaction."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("CREATE TABLE bench_transfers (LIKE transfer_rows INCLUDING ALL)")
        began = time.perf_counter()
        await copy_rows(connection, "bench_transfers", range(1, rows + 1))
        return rows / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_transfers")
        await connection.close()


def pgbench_per_second(superuser_url: str, seconds: int) -> float:
    """TPC-B of pgbench, 64 clients, on the same server. Raises NotRun."""
    with tempfile.TemporaryDirectory(prefix="guildhall-pgbench-") as copies:
        try:
            program = find_binaries(ServerUser(None), Path(copies)).program("pgbench")
        except (OSError, StartRefused) as error:
            raise NotRun(str(error)) from None
        if not Path(program).exists():
            raise NotRun("this PostgreSQL comes without pgbench")
        url = url_of(superuser_url, "postgres")
        _run(program, "--initialize", "--quiet", "--scale=10", url)
        said = _run(program, "--client=64", "--jobs=1", f"--time={seconds}", "--no-vacuum", url)
    found = _TPS.search(said)
    if found is None:
        raise NotRun("pgbench said no rate")
    return float(found[1])


async def keep_database(superuser_url: str, name: str) -> str:
    """The address of a peer's own database on the same server, made where it is not there."""
    connection = await asyncpg.connect(superuser_url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return url_of(superuser_url, name)


def url_of(superuser_url: str, database: str) -> str:
    return urlsplit(superuser_url)._replace(path=f"/{database}").geturl()


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
