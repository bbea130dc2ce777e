"""The id behind a union's slug or id, from identity's database."""

import asyncio
from contextlib import ExitStack
from uuid import UUID

import asyncpg

from guildhall.embedded.cluster import ExternalCluster
from guildhall.embedded.opened import opened_databases
from guildhall.postgres.roles import DatabaseRoles
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings


def union_id_of(union: str, settings: GuildhallSettings) -> UUID:
    """On DATABASE_URL, else on the PostgreSQL of the data folder. Raises StartRefused."""
    with ExitStack() as stack:
        if settings.database_url is not None:
            cluster = ExternalCluster(settings.database_url.get_secret_value())
            url = cluster.superuser_url(DatabaseRoles.of("identity").database)
        else:
            url = stack.enter_context(opened_databases(settings))["identity"]
        try:
            found = asyncio.run(find_union(url, union))
        except (OSError, asyncpg.PostgresError) as error:
            raise StartRefused(f"identity's database cannot be read: {error}") from None
    if found is None:
        raise StartRefused(f"there is no union {union}")
    return found


async def find_union(url: str, union: str) -> UUID | None:
    """By slug or id, in the database at `url`."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetchval(
            "SELECT id FROM unions WHERE slug = $1 OR id::text = $1", union.lower()
        )
    finally:
        await connection.close()
    return None if found is None else UUID(str(found))
