"""One moment of a whole PostgreSQL cluster as a tar, by its own pg_basebackup, while it serves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import IO

import asyncpg

from guildhall.backup.archive import CLUSTER, BackupWriter, Progress
from guildhall.postgres.launcher import PostgresServer
from guildhall.postgres.program_environment import environment_of
from guildhall.refusals import StartRefused

_RESERVE = "SELECT pg_create_physical_replication_slot($1, true, true)"
_SIZE = "SELECT sum(pg_database_size(oid))::bigint FROM pg_database"


async def add_base_backup(
    server: PostgresServer, writer: BackupWriter, progress: Progress | None = None
) -> None:
    """The data files and the log from the beginning to the end of the copy: one point for all databases.

    Raises StartRefused.
    """
    async with _log_kept(server.url("postgres")):
        await asyncio.to_thread(_copy, server, writer, progress)


async def cluster_size_bytes(url: str) -> int:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return int(await connection.fetchval(_SIZE) or 0)
    finally:
        await connection.close()


@asynccontextmanager
async def _log_kept(url: str) -> AsyncGenerator[None]:
    """While entered the server removes no log: a slot of this session, which ends with it."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(_RESERVE, f"guildhall_backup_{os.getpid()}")
        yield
    finally:
        await connection.close()


def _copy(server: PostgresServer, writer: BackupWriter, progress: Progress | None) -> None:
    command = [
        server.program("pg_basebackup"),
        *("--no-password", "--checkpoint=fast", "--label=guildhall"),
        *("--pgdata=-", "--format=tar", "--wal-method=fetch"),
    ]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment_of(server.url("postgres")),
        )
        assert process.stdout is not None
        try:
            writer.add(CLUSTER, process.stdout, progress=progress)
            code = process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
        if code != 0:
            raise StartRefused(f"PostgreSQL could not be copied: {_last_line(said)}")


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
