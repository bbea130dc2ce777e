"""Rows keep their unions when these get numbers, and the release before still writes them."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import engine_url
from chassis.migrations import chains
from services.ledger.store.tables import SCHEMA
from tests.support.postgres import DatabaseMaker, ServiceDatabase

UNIONS = [UUID(int=number) for number in (3, 1, 2)]
_HEAD = "INSERT INTO journal_heads (union_id, number, last_sequence, hash) VALUES ($1, 1, 3, '\\x00')"
_ROWS = """
INSERT INTO transfers (union_id, sequence, entry_number, id, principal_id, debit_number, credit_number,
                       amount_minor, debit_previous, credit_previous, code, flags)
SELECT $1, n, 1, gen_random_uuid(), $1, n, n + 1, n * 7, n - 1, 0, 10, n
FROM generate_series($2::int, $3::int) AS n
"""


async def moved_to(database: ServiceDatabase, revision: str) -> None:
    _, own = chains(SCHEMA.versions)
    config = own.config()

    def move(connection: Connection) -> None:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "0010" else command.upgrade)(config, revision)

    engine = create_async_engine(engine_url(database.owner_url))
    async with engine.begin() as connection:
        await connection.run_sync(move)
    await engine.dispose()


async def stored(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    return await connection.fetch("SELECT * FROM transfers ORDER BY union_id, sequence")


async def test_rows_keep_their_unions_and_the_release_before_writes_on(fresh_database: DatabaseMaker) -> None:
    database = await fresh_database("ledger")
    await moved_to(database, "0010")
    connection = await asyncpg.connect(database.owner_url)
    try:
        for union in UNIONS:
            await connection.execute(_HEAD, union)
            await connection.execute(_ROWS, union, 1, 3)
        before = await stored(connection)
        await moved_to(database, "0011")
        assert await stored(connection) == before and len(before) == 9
        await connection.execute(_ROWS, UNIONS[0], 4, 5)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(_ROWS, UNIONS[0], 5, 5)
        after = await stored(connection)
        assert [row["sequence"] for row in after if row["union_id"] == UNIONS[0]] == [1, 2, 3, 4, 5]
        copied = dict(after[-1]) | {"sequence": 6, "id": UUID(int=9)}
        await connection.copy_records_to_table(
            "transfers", records=[tuple(copied.values())], columns=list(copied)
        )
        assert len(await stored(connection)) == 12
        await moved_to(database, "0010")
        assert len(await stored(connection)) == 12
    finally:
        await connection.close()
