"""The databases and roles asked of a cluster: per service an owner that migrates and a role that runs."""

from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from guildhall.postgres.binaries import OLDEST_MAJOR_VERSION
from guildhall.postgres.passwords import Passwords
from guildhall.refusals import StartRefused

SERVICES = ("identity", "graph", "market", "ledger", "funding")
BUS = "bus"


@dataclass(frozen=True, slots=True)
class DatabaseRoles:
    """`owner` owns the database, its schema and every table; `runner` owns nothing."""

    database: str
    owner: str
    runner: str

    @classmethod
    def of(cls, service: str) -> "DatabaseRoles":
        return cls(f"guildhall_{service}", f"{service}_owner", service)


async def prepare_cluster(
    superuser_url: str, passwords: Passwords, services: Iterable[str] = (*SERVICES, BUS)
) -> None:
    """Creates what is missing; roles get the passwords of the file. Repeating it changes nothing."""
    connection = await asyncpg.connect(superuser_url)
    try:
        if connection.get_server_version().major < OLDEST_MAJOR_VERSION:
            raise StartRefused(
                f"DATABASE_URL is PostgreSQL {connection.get_server_version().major}: "
                f"Guildhall needs {OLDEST_MAJOR_VERSION} or newer"
            )
        for service in services:
            roles = DatabaseRoles.of(service)
            for role in (roles.owner, roles.runner):
                await _keep_role(connection, role, passwords.of(role))
            rights = await connection.fetchrow(
                "SELECT datacl IS NOT NULL AS given FROM pg_database WHERE datname = $1", roles.database
            )
            if rights is None:
                await create_database(connection, roles.database, roles.owner)
            if rights is None or not rights["given"]:
                await _grant_within(superuser_url, roles)
    finally:
        await connection.close()


async def create_database(
    connection: asyncpg.Connection, database: str, owner: str, template: str = "template0"
) -> None:
    """From `template0` with the locale of the design; from another template as it is."""
    locale = (
        " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' ENCODING 'UTF8'"
        if template == "template0"
        else ""
    )
    await connection.execute(f'CREATE DATABASE "{database}" OWNER "{owner}" TEMPLATE "{template}"{locale}')


async def _keep_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(
        f'{verb} ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {_literal(password)}'
    )


async def _grant_within(superuser_url: str, roles: DatabaseRoles) -> None:
    """The runner may connect and use the owner's future tables; migrations take away what is append-only."""
    connection = await asyncpg.connect(superuser_url, database=roles.database)
    try:
        await grant_to_runner(connection, roles)
    finally:
        await connection.close()


async def grant_to_runner(connection: asyncpg.Connection, roles: DatabaseRoles) -> None:
    """`connection` is the superuser's, inside the database. All of it or nothing: one transaction."""
    await connection.execute(
        f"""
        REVOKE ALL ON DATABASE "{roles.database}" FROM PUBLIC;
        GRANT CONNECT ON DATABASE "{roles.database}" TO "{roles.runner}";
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO "{roles.runner}";
        ALTER DEFAULT PRIVILEGES FOR ROLE "{roles.owner}" IN SCHEMA public
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{roles.runner}";
        ALTER DEFAULT PRIVILEGES FOR ROLE "{roles.owner}" IN SCHEMA public
            GRANT USAGE, SELECT ON SEQUENCES TO "{roles.runner}";
        """
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
