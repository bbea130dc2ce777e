"""Plants violations in transactions that are rolled back; the superuser may write what no role may."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from guildhall.audit.promises import House
from guildhall.audit.run import PROMISES, Verdict, look
from tests.guildhall.audit.town import Town


@asynccontextmanager
async def planted(town: Town, statements: Mapping[str, str]) -> AsyncGenerator[House]:
    """The town's databases after these statements, by service (and `bus`); undone when left.

    A statement names the town's people, agreements and projects as `{worker}`, `{running}`, `{paid_out}`.
    """
    connections: dict[str, asyncpg.Connection] = {}
    try:
        for name, database in town.deployment.databases.items():
            connection = connections[name] = await asyncpg.connect(database.superuser_url)
            await connection.transaction().start()
            await connection.execute("SET LOCAL lock_timeout = '10s'")
            if name in statements:
                await connection.execute(statements[name].format(**names_of(town)))
        yield House(connections, town.deployment.clock.now())
    finally:
        for connection in connections.values():
            await connection.close()


@asynccontextmanager
async def written(town: Town, database: str, statement: str, *, undone_by: str) -> AsyncGenerator[None]:
    """A violation that others see too, for as long as this is entered."""
    connection = await asyncpg.connect(town.urls[database])
    try:
        await connection.execute(statement.format(**names_of(town)))
        yield
        await connection.execute(undone_by.format(**names_of(town)))
    finally:
        await connection.close()


def names_of(town: Town) -> dict[str, str]:
    """What statements and expected rows may name."""
    return {
        "union": town.union["id"],
        **{name: str(person.id) for name, person in town.people.items()},
        **{name: str(agreement) for name, agreement in town.agreements.items()},
        **{name: str(business) for name, business in town.businesses.items()},
        **{f"project_{name}": str(project) for name, project in town.projects.items()},
    }


async def verdict_on(house: House, name: str) -> Verdict:
    """What the audit says of one promise."""
    (verdict,) = await look(house, [promise for promise in PROMISES if promise.name == name])
    return verdict
