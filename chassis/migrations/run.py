"""Migrations at start: the chassis' chain, then the service's, under an advisory lock, as the owning role."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import engine_url
from chassis.erasure.declaration import FUNCTION, PersonalData, function_body
from chassis.member_export.declaration import MemberExport
from chassis.tables import APPEND_ONLY_TABLES

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
CHASSIS_VERSIONS = HERE / "versions"
CHASSIS_VERSION_TABLE = "chassis_version"
SERVICE_VERSION_TABLE = "alembic_version"
MIGRATION_LOCK = 0x6775696C
LOCK_TIMEOUT_MS = 2_000
_NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chain:
    """A folder of migrations and the table that keeps where a database stands in it."""

    versions: Path
    version_table: str

    def config(self) -> Config:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(HERE).replace("%", "%%"))
        config.set_main_option("version_locations", str(self.versions).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.attributes["version_table"] = self.version_table
        return config

    def heads(self) -> frozenset[str]:
        """The newest revisions."""
        return _read_once(self).heads

    def revisions(self) -> frozenset[str]:
        """Every revision that this release knows."""
        return _read_once(self).revisions


@dataclass(frozen=True, slots=True)
class _Read:
    """What a folder of migrations says."""

    heads: frozenset[str]
    revisions: frozenset[str]


@cache
def _read_once(chain: Chain) -> _Read:
    """By the lines that name them: a start that migrates nothing runs none of these modules, nor Alembic."""
    named = [dict(_NAMED.findall(path.read_text())) for path in chain.versions.glob("*.py")]
    revisions = frozenset(one["revision"] for one in named)
    return _Read(revisions - {one.get("down_revision") for one in named}, revisions)


def chains(service_versions: Path) -> tuple[Chain, Chain]:
    return Chain(CHASSIS_VERSIONS, CHASSIS_VERSION_TABLE), Chain(service_versions, SERVICE_VERSION_TABLE)


@dataclass(frozen=True, slots=True)
class ServiceSchema:
    """What a service declares of its database: its migrations, what only grows, what is personal."""

    service: str
    versions: Path
    append_only_tables: tuple[str, ...] = ()
    personal: PersonalData | None = None
    exported: MemberExport | None = None
    """What is given out of one member; None of identity, which asks the others and gives all."""

    @property
    def all_append_only(self) -> tuple[str, ...]:
        """The chassis' too."""
        return (*APPEND_ONLY_TABLES, *self.append_only_tables)


async def migrate_service(schema: ServiceSchema, owner_url: str, runtime_role: str | None = None) -> bool:
    """Bring a service's database to the newest schema; False where it stood there already.

    The run-time role, by default named as the service, gets its rights anew: everything but UPDATE, DELETE
    and TRUNCATE on what is append-only.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        behind = [chain for chain in chains(schema.versions) if not await _at_head(connection, chain)]
        for chain in behind:
            await _upgrade(owner_url, chain)
        role = runtime_role or schema.service
        if behind:
            await _grant(connection, role, schema.all_append_only)
        await _make_erasing(connection, schema, role)
        return bool(behind)
    finally:
        await connection.close()


async def _at_head(connection: asyncpg.Connection, chain: Chain) -> bool:
    if await connection.fetchval("SELECT to_regclass($1)", chain.version_table) is None:
        return False
    rows = await connection.fetch(f"SELECT version_num FROM {chain.version_table}")  # noqa: S608 - a chain's own table
    return frozenset(row["version_num"] for row in rows) == await asyncio.to_thread(chain.heads)


async def _upgrade(owner_url: str, chain: Chain) -> None:
    from alembic import command

    engine = create_async_engine(
        engine_url(owner_url),
        connect_args={
            "server_settings": {"lock_timeout": str(LOCK_TIMEOUT_MS), "application_name": "migrate"}
        },
    )
    config = chain.config()

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


async def _grant(connection: asyncpg.Connection, role: str, append_only: Iterable[str]) -> None:
    await connection.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    await connection.execute(
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    )
    await connection.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    for table in (*append_only, CHASSIS_VERSION_TABLE, SERVICE_VERSION_TABLE):
        if await connection.fetchval("SELECT to_regclass($1)", table) is not None:
            await connection.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"')


async def _make_erasing(connection: asyncpg.Connection, schema: ServiceSchema, role: str) -> None:
    """The one way in which the run-time role changes what is append-only: of a member recorded as erased."""
    if schema.personal is None:
        return
    body = function_body(schema.personal.append_only(schema.all_append_only))
    if await connection.fetchval("SELECT prosrc FROM pg_proc WHERE proname = $1", FUNCTION) != body:
        signature = f"{FUNCTION}(erased_member uuid, rows_max bigint)"
        await connection.execute(
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, public AS $erasing${body}$erasing$"
        )
    await connection.execute(f"REVOKE ALL ON FUNCTION {FUNCTION}(uuid, bigint) FROM PUBLIC")
    await connection.execute(f'GRANT EXECUTE ON FUNCTION {FUNCTION}(uuid, bigint) TO "{role}"')
