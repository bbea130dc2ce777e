"""The databases that tests get behave as those of a start."""

import asyncpg
import pytest

from tests.support.postgres import DatabaseMaker


async def test_runner_cannot_make_a_table_and_the_owner_can(blank_database: DatabaseMaker) -> None:
    database = await blank_database("market")
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("CREATE TABLE offers (id bigint)")
    runner = await asyncpg.connect(database.url)
    await runner.execute("INSERT INTO offers VALUES (1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await runner.execute("CREATE TABLE bids (id bigint)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await runner.execute("TRUNCATE offers")
    await owner.close()
    await runner.close()


async def test_one_service_cannot_connect_to_the_database_of_another(blank_database: DatabaseMaker) -> None:
    market, ledger = await blank_database("market"), await blank_database("ledger")
    address = market.url.replace(market.name, ledger.name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(address)


async def test_text_is_sorted_by_code_point_on_every_machine(blank_database: DatabaseMaker) -> None:
    database = await blank_database("graph")
    connection = await asyncpg.connect(database.url)
    row = await connection.fetchrow(
        "SELECT datlocprovider::text AS provider, datlocale FROM pg_database WHERE datname = $1",
        database.name,
    )
    assert row is not None and (row["provider"], row["datlocale"]) == ("b", "C.UTF-8")
    await connection.close()
