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

ROWS = 200_000
ROWS_A_BATCH = 8_190
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


async def copied_per_second(ledger_url: str, rows: int = ROWS) -> float:
    """Rows as those of transfers, with their two unique indexes, COPY of as many as a batch a transaction."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("CREATE TABLE bench_transfers (LIKE transfers INCLUDING ALL)")
        union, principal = UUID(int=1), UUID(int=2)
        columns = [row["attname"] for row in await connection.fetch(_COLUMNS)]
        began = time.perf_counter()
        for start in range(1, rows, ROWS_A_BATCH):
            batch = [
                {
                    "union_id": union, "sequence": number, "entry_number": start, "id": UUID(int=number),
                    "principal_id": principal, "debit_number": 1, "credit_number": 2, "amount_minor": 1,
                    "debit_previous": number - 1, "credit_previous": number - 1, "code": 10, "flags": 0,
                }
                for number in range(start, min(start + ROWS_A_BATCH, rows + 1))
            ]  # fmt: skip
            records = [tuple(row[name] for name in columns) for row in batch]
            await connection.copy_records_to_table("bench_transfers", records=records, columns=columns)
        return rows / (time.perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_transfers")
        await connection.close()


_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = 'bench_transfers'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


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
