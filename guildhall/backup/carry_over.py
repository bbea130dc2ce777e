"""A backup into a deployment of another kind: its databases row by row, its bus event by event.

The databases are made by `prepare_cluster` before, and are empty; migrations run afterwards. Inboxes and
outboxes come along, so that consumers drop what they have had, and what was not relayed is relayed there.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from chassis.bus.postgres.kept import kept_events
from chassis.bus.transport import Transport
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.embedded.schema_versions import found_schemas, newest_schemas
from guildhall.postgres.launcher import SUPERUSER, PostgresServer, ServerOptions
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.program_environment import environment_of
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles
from guildhall.refusals import StartRefused

APPENDED_AT_ONCE_MAX = 500
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_UNRELAYED = "SELECT count(*) FROM outbox WHERE NOT relayed"


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """`events_count`: appended to the bus. `unrelayed_count`: wait in the outboxes, for the relays there."""

    events_count: int
    unrelayed_count: int


async def carry_over(home: Path, owner_urls: Mapping[str, str], bus: Transport) -> CarriedOver:
    """Raises StartRefused. `home`: a folder that the backup was restored into, which nobody serves.

    `owner_urls`: by service, as the role that owns the new database. `bus` is open.
    """
    for service in SERVICES:
        await _refuse_filled(service, owner_urls[service])
    superuser_password = Passwords(home / PASSWORDS_FILE).of(SUPERUSER)
    server = PostgresServer(home / "postgres", superuser_password, ServerOptions(durable=False))
    await asyncio.to_thread(server.start)
    try:
        return await _carry(server, owner_urls, bus)
    finally:
        await asyncio.to_thread(server.stop)


async def _carry(server: PostgresServer, owner_urls: Mapping[str, str], bus: Transport) -> CarriedOver:
    sources = {name: server.url(DatabaseRoles.of(name).database) for name in (*SERVICES, BUS)}
    if await found_schemas(sources) != newest_schemas():
        raise StartRefused(
            "the backup is of an older schema: restore it, guildhall upgrade, and back it up again"
        )
    unrelayed_count = 0
    for service in SERVICES:
        await _forget_default_rights(service, owner_urls[service])
        await asyncio.to_thread(_load, server, service, sources[service], owner_urls[service])
        unrelayed_count += await _count(sources[service], _UNRELAYED)
    return CarriedOver(await _append_all(sources[BUS], bus), unrelayed_count)


async def _forget_default_rights(service: str, url: str) -> None:
    """A dump grants what a table's readers have beyond nothing: a new table must begin with nothing.

    The dump ends with the default rights themselves.
    """
    roles = DatabaseRoles.of(service)
    connection = await asyncpg.connect(url, timeout=10)
    try:
        for kind in ("TABLES", "SEQUENCES"):
            await connection.execute(
                f'ALTER DEFAULT PRIVILEGES FOR ROLE "{roles.owner}" IN SCHEMA public '
                f'REVOKE ALL ON {kind} FROM "{roles.runner}"'
            )
    finally:
        await connection.close()


def _load(server: PostgresServer, service: str, source: str, target: str) -> None:
    """All of a database in one transaction of the target; rights to roles of the same names come along."""
    dump = [server.program("pg_dump"), "--no-password", "--format=custom", "--compress=none"]
    load = [server.program("pg_restore"), "--no-password", "--no-owner", "--single-transaction"]
    target_environment = environment_of(target)
    load += ["--exit-on-error", f"--dbname={target_environment['PGDATABASE']}"]
    with tempfile.TemporaryFile() as said:
        dumping = subprocess.Popen(
            dump, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment_of(source)
        )
        with dumping:
            loaded = subprocess.run(
                load,
                stdin=dumping.stdout,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=target_environment,
                check=False,
            )
            if dumping.stdout is not None:
                dumping.stdout.close()
        if loaded.returncode != 0 or dumping.returncode != 0:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            reason = lines[0] if lines else "no reason given"
            raise StartRefused(f"the database of {service} could not be carried over: {reason}")


async def _append_all(source: str, bus: Transport) -> int:
    connection = await asyncpg.connect(source, timeout=10)
    events_count = 0
    try:
        async for events in kept_events(connection, APPENDED_AT_ONCE_MAX):
            await bus.append(events)
            events_count += len(events)
    finally:
        await connection.close()
    return events_count


async def _refuse_filled(service: str, url: str) -> None:
    try:
        tables_count = await _count(url, _TABLES)
    except (OSError, asyncpg.PostgresError) as error:
        raise StartRefused(f"the new database of {service} cannot be opened: {error}") from None
    if tables_count:
        raise StartRefused(
            f"the new database of {service} is not empty: carry over before anything is migrated"
        )


async def _count(url: str, statement: str) -> int:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return int(await connection.fetchval(statement) or 0)
    finally:
        await connection.close()
