"""What the same PostgreSQL does without a ledger: COPY of such rows, and pgbench's TPC-B."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.server_user import ServerUser

ROWS_A_BATCH = 8_190
COLUMNS = (
    "union_id",
    "sequence",
    "entry_number",
    "id",
    "principal_id",
    "debit_number",
    "credit_number",
    "amount_minor",
    "debit_previous",
    "credit_previous",
    "code",
    "flags",
)
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


async def copied_per_second(ledger_url: str, rows: int) -> float:
    """Rows as those of transfers, with their two unique indexes, COPY of as many as a batch a transaction."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("CREATE TABLE bench_transfers (LIKE transfers INCLUDING ALL)")
        began = time.perf_counter()
        await _copy(connection, "bench_transfers", rows)
        return rows / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_transfers")
        await connection.close()


async def store_others(ledger_url: str, rows: int) -> None:
    """Fill the table of transfers with rows of a union that is not there."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await _copy(connection, "transfers", rows)
        await connection.execute("VACUUM ANALYZE transfers")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, rows: int) -> None:
    union, principal = UUID(int=1), UUID(int=2)
    for start in range(1, rows + 1, ROWS_A_BATCH):
        records = (
            (union, number, start, UUID(int=number), principal, 1, 2, 1, number - 1, number - 1, 10, 0)
            for number in range(start, min(start + ROWS_A_BATCH, rows + 1))
        )
        await connection.copy_records_to_table(table, records=records, columns=COLUMNS)


def pgbench_per_second(superuser_url: str, seconds: int) -> float:
    """TPC-B of pgbench, 64 clients, on the same server. 0 where the program is not there."""
    with tempfile.TemporaryDirectory(prefix="guildhall-pgbench-") as copies:
        try:
            program = find_binaries(ServerUser(None), Path(copies)).program("pgbench")
        except (OSError, LookupError):
            return 0.0
        url = urlsplit(superuser_url)._replace(path="/postgres").geturl()
        _run(program, "--initialize", "--quiet", "--scale=10", url)
        said = _run(program, "--client=64", "--jobs=1", f"--time={seconds}", "--no-vacuum", url)
    found = _TPS.search(said)
    return float(found[1]) if found else 0.0


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout


async def bytes_per_transfer(ledger_url: str) -> float:
    """Of the table of transfers with its indexes."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("VACUUM transfers")
        return float(
            await connection.fetchval(
                "SELECT pg_total_relation_size('transfers')::float8 / (SELECT count(*) FROM transfers)"
            )
            or 0
        )
    finally:
        await connection.close()
