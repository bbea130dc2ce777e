"""What is stored beside the union that is measured: rows of another one, as many as a run asks for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

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
OTHER_UNION, PRINCIPAL = UUID(int=1), UUID(int=2)


async def store_others(ledger_url: str, rows: int) -> None:
    """Fill the table of transfers up to so many rows of a union that is not there."""
    connection = await asyncpg.connect(ledger_url)
    try:
        last = await connection.fetchval(
            "SELECT coalesce(max(sequence), 0) FROM transfers WHERE union_id = $1", OTHER_UNION
        )
        await copy_rows(connection, "transfers", range(last + 1, rows + 1))
        await connection.execute("VACUUM ANALYZE transfers")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def copy_rows(connection: asyncpg.Connection, table: str, numbers: Sequence[int]) -> None:
    """One row a number, as many as a batch a transaction."""
    for place in range(0, len(numbers), ROWS_A_BATCH):
        batch = numbers[place : place + ROWS_A_BATCH]
        entry = batch[0]
        records = (
            (OTHER_UNION, number, entry, UUID(int=number), PRINCIPAL, 1, 2, 1, number - 1, number - 1, 10, 0)
            for number in batch
        )
        await connection.copy_records_to_table(table, records=records, columns=COLUMNS)


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
