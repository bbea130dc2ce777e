"""The tables are what the migrations make, and what only grows cannot be changed by the running service."""

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import engine_url
from services.identity.store.tables import SCHEMA, identity_metadata
from tests.services.identity.house import IdentityHouse


async def test_the_migrations_make_the_tables_that_the_code_knows(house: IdentityHouse) -> None:
    known = set(identity_metadata.tables)

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda item, name, kind, reflected, other: (
                    name in known if kind == "table" else item.table.name in known
                )
            },
        )
        found: list[Any] = compare_metadata(context, identity_metadata)
        return [one for one in found if not (isinstance(one, list) and one[0][0] == "modify_comment")]

    engine = create_async_engine(engine_url(house.database.owner_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


@pytest.mark.parametrize("table", SCHEMA.append_only_tables)
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
async def test_what_only_grows_is_not_changed_by_the_running_service(
    house: IdentityHouse, table: str, statement: str
) -> None:
    column = identity_metadata.tables[table].columns.keys()[-1]
    connection = await asyncpg.connect(house.database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table=table, column=column))
    finally:
        await connection.close()
