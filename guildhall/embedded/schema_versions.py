"""Where the databases stand in their migrations, and where this release would bring them."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from chassis.bus.postgres.schema import NEWEST_VERSION
from chassis.migrations import chains
from guildhall.embedded.schemas import schema_of
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.refusals import StartRefused

_BUS_TABLE = "bus_version"


def newest_schemas() -> dict[str, str]:
    """By service and the bus: what this release's migrations end with."""
    newest = {
        service: " ".join(",".join(sorted(chain.heads())) for chain in chains(schema_of(service).versions))
        for service in SERVICES
    }
    return newest | {BUS: str(NEWEST_VERSION)}


async def found_schemas(urls: Mapping[str, str]) -> dict[str, str]:
    """The same of these databases; empty where there is no table yet. Raises StartRefused for a newer one."""
    found: dict[str, str] = {}
    for name, url in urls.items():
        connection = await asyncpg.connect(url, timeout=10)
        try:
            found[name] = await (_bus(connection) if name == BUS else _service(connection, name))
        finally:
            await connection.close()
    return found


async def _service(connection: asyncpg.Connection, service: str) -> str:
    stands: list[str] = []
    for chain in chains(schema_of(service).versions):
        revisions = await _versions(connection, chain.version_table, "version_num")
        unknown = set(revisions) - chain.revisions()
        if unknown:
            raise StartRefused(
                f"the database of {service} stands at {min(unknown)}, which "
                "this release does not know: it was served by a newer one"
            )
        stands.append(",".join(revisions))
    return " ".join(stands).strip()


async def _bus(connection: asyncpg.Connection) -> str:
    versions = await _versions(connection, _BUS_TABLE, "version")
    newest = max((int(version) for version in versions), default=0)
    if newest > NEWEST_VERSION:
        raise StartRefused(
            f"the database of the bus stands at {newest} and this release knows {NEWEST_VERSION}: "
            "it was served by a newer one"
        )
    return str(newest) if newest else ""


async def _versions(connection: asyncpg.Connection, table: str, column: str) -> list[str]:
    if await connection.fetchval("SELECT to_regclass($1)", table) is None:
        return []
    rows = await connection.fetch(f"SELECT {column}::text AS version FROM {table}")  # noqa: S608 - made of this file's own text
    return sorted(str(row["version"]) for row in rows)
