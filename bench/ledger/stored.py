"""What is stored beside the union that is measured: rows of another one, as many as a run asks for.

Their ids rise with the time at which they are stored, as clients' do.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import uuid_utils

ROWS_A_BATCH = 8_190
COLUMNS = (
    "union_number",
    "sequence",
    "entry_number",
    "id",
    "principal_number",
    "debit_number",
    "credit_number",
    "amount_minor",
    "debit_previous",
    "credit_previous",
    "code",
    "flags",
)
OTHER_UNION, PRINCIPAL = 2_000_000_000, 2_000_000_000


async def store_others(ledger_url: str, rows: int) -> None:
    """Fill the table of transfers up to so many rows of a union that is not there."""
    connection = await asyncpg.connect(ledger_url)
    try:
        last = await connection.fetchval(
            "SELECT coalesce(max(sequence), 0) FROM transfer_rows WHERE union_number = $1", OTHER_UNION
        )
        await copy_rows(connection, "transfer_rows", range(last + 1, rows + 1))
        await connection.execute("VACUUM ANALYZE transfer_rows")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def copy_rows(connection: asyncpg.Connection, table: str, numbers: Sequence[int]) -> None:
    """One row a number, as many as a batch a transaction."""
    for place in range(0, len(numbers), ROWS_A_BATCH):
        batch = numbers[place : place + ROWS_A_BATCH]
        entry, ids = batch[0], (UUID(int=uuid_utils.uuid7().int) for _ in batch)
        records = (
            (OTHER_UNION, number, entry, transfer_id, PRINCIPAL, 1, 2, 1, number - 1, number - 1, 10, 0)
            for number, transfer_id in zip(batch, ids, strict=True)
        )
        await connection.copy_records_to_table(table, records=records, columns=COLUMNS)


async def bytes_per_transfer(ledger_url: str) -> float:
    """Of the table of transfers with its indexes."""
    connection = await asyncpg.connect(ledger_url)
    try:
        await connection.execute("VACUUM transfer_rows")
        return float(
            await connection.fetchval(
                "SELECT pg_total_relation_size('transfer_rows')::float8 / count(*) FROM transfer_rows"
            )
            or 0
        )
    finally:
        await connection.close()
