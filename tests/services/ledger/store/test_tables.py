"""The tables are what the migrations make, and history cannot be rewritten by the running service."""

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import engine_url
from services.ledger.store.tables import SCHEMA, ledger_metadata
from tests.services.ledger.house import LedgerHouse


async def test_the_migrations_make_the_tables_that_the_code_knows(empty_house: LedgerHouse) -> None:
    known = set(ledger_metadata.tables)

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda item, name, kind, reflected, other: (
                    name in known if kind == "table" else item.table.name in known
                )
            },
        )
        found: list[Any] = compare_metadata(context, ledger_metadata)
        return [one for one in found if not (isinstance(one, list) and one[0][0] == "modify_comment")]

    engine = create_async_engine(engine_url(empty_house.database.owner_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_the_run_time_role_cannot_rewrite_history(house: LedgerHouse) -> None:
    connection = await asyncpg.connect(house.database.url)
    try:
        for table in SCHEMA.append_only_tables:
            column = ledger_metadata.tables[table].columns.keys()[0]
            for statement in (
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"UPDATE {table} SET {column} = {column}",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_balance_below_zero_is_refused_by_the_database_too(house: LedgerHouse) -> None:
    connection = await asyncpg.connect(house.database.url)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "UPDATE account_balances SET balance_minor = -1 WHERE NOT may_be_negative"
            )
    finally:
        await connection.close()
