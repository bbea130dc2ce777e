"""The id behind a union's slug or id, from identity's database."""

import asyncio
from uuid import UUID

import asyncpg

from guildhall.embedded.opened import opened_databases
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings


def union_id_of(union: str, settings: GuildhallSettings) -> UUID:
    """Raises StartRefused."""
    with opened_databases(settings) as urls:
        try:
            found = asyncio.run(find_union(urls["identity"], union))
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
