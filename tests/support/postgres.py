"""One PostgreSQL for a whole test session, and databases that are copied from migrated templates."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles, create_database, grant_to_runner
from tests.support.migrations import migrate

_TEMPLATE_LOCK = 4_217


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """Addresses as the run-time role, as the owner, and as the superuser, who may plant what no role may."""

    service: str
    name: str
    url: str
    owner_url: str
    superuser_url: str


class ClusterOfSession:
    """The server. The process that runs pytest owns it; xdist's workers are told its folder and port.

    `durable`: for one that is killed; the others need not outlast anything.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="guildhall-tests-"))
        passwords = Passwords(self.folder / "passwords.json")
        options = ServerOptions(durable=durable, connections=400, shared_buffers_mebibytes=64)
        self._server = PostgresServer(self.folder / "postgres", passwords.of("postgres"), options)
        self._server.start()
        asyncio.run(_create_roles(self._server.url("postgres"), passwords))

    @property
    def address(self) -> dict[str, str]:
        """What a worker needs to find the cluster."""
        return {"folder": str(self.folder), "port": str(self._server.port)}

    def kill_and_restart(self) -> None:
        """SIGKILL to the server; returns when it takes connections again, on the same port."""
        assert self._server.process_id is not None
        os.kill(self._server.process_id, signal.SIGKILL)
        while self._server.is_running():
            time.sleep(0.005)
        self._server.restart()

    def stop(self) -> None:
        self._server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Databases:
    """Makes databases in the session's cluster; names begin with the worker's."""

    def __init__(self, address: dict[str, str], worker: str) -> None:
        folder = Path(address["folder"])
        self._passwords = Passwords(folder / "passwords.json")
        self._server = PostgresServer(folder / "postgres", self._passwords.of("postgres"))
        self._server.port = int(address["port"])
        self._worker = worker
        self._made = 0
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()

    async def fresh(self, service: str) -> ServiceDatabase:
        """A migrated, empty database of a service, or of the bus."""
        template = await self._template(service)
        return await self._copy(service, template)

    async def blank(self, service: str) -> ServiceDatabase:
        """A database with the service's roles and nothing in it."""
        return await self._copy(service, "template0")

    async def drop(self, database: ServiceDatabase) -> None:
        await self._run(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _copy(self, service: str, template: str) -> ServiceDatabase:
        self._made += 1
        database = self._described(service, f"{self._worker}_{service}_{self._made}")
        async with self._lock:
            await create_database(
                await self._superuser(), database.name, DatabaseRoles.of(service).owner, template
            )
        await self._grant(database)
        return database

    async def _template(self, service: str) -> str:
        """Migrated once a session, by whichever worker asks first."""
        name = f"template_{service}"
        async with self._lock:
            connection = await self._superuser()
            await connection.execute("SELECT pg_advisory_lock($1)", _TEMPLATE_LOCK)
            try:
                if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                    making = self._described(service, f"{name}_making")
                    await connection.execute(f'DROP DATABASE IF EXISTS "{making.name}" WITH (FORCE)')
                    await create_database(connection, making.name, DatabaseRoles.of(service).owner)
                    await self._grant(making)
                    await migrate(service, making.owner_url)
                    await connection.execute(f'ALTER DATABASE "{making.name}" RENAME TO "{name}"')
            finally:
                await connection.execute("SELECT pg_advisory_unlock($1)", _TEMPLATE_LOCK)
        return name

    def _described(self, service: str, name: str) -> ServiceDatabase:
        roles = DatabaseRoles.of(service)
        return ServiceDatabase(
            service,
            name,
            self._server.url(name, roles.runner, self._passwords.of(roles.runner)),
            self._server.url(name, roles.owner, self._passwords.of(roles.owner)),
            self._server.url(name),
        )

    async def _grant(self, database: ServiceDatabase) -> None:
        roles = DatabaseRoles.of(database.service)
        connection = await asyncpg.connect(database.superuser_url)
        try:
            await grant_to_runner(connection, DatabaseRoles(database.name, roles.owner, roles.runner))
        finally:
            await connection.close()

    async def _run(self, statement: str) -> None:
        async with self._lock:
            await (await self._superuser()).execute(statement)

    async def _superuser(self) -> asyncpg.Connection:
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = self._connection = await asyncpg.connect(self._server.url("postgres"))
        return connection


DatabaseMaker = Callable[[str], Awaitable[ServiceDatabase]]


async def _create_roles(superuser_url: str, passwords: Passwords) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        for service in (*SERVICES, BUS):
            roles = DatabaseRoles.of(service)
            for role in (roles.owner, roles.runner):
                await connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD '{passwords.of(role)}'")
    finally:
        await connection.close()
