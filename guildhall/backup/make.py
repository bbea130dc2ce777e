"""`guildhall backup`: one moment of a data folder, running or not, as one file."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
import orjson

from chassis.clock import Clock
from guildhall import VERSION
from guildhall.backup.archive import FILES, BackupWriter, Manifest, Progress, written_backup
from guildhall.backup.base_backup import add_base_backup, cluster_size_bytes
from guildhall.backup.parts import FolderParts, parts_of
from guildhall.embedded.cluster import LaunchedCluster
from guildhall.embedded.opened import KAFKA_URL_FILE, opened_cluster, superuser_urls
from guildhall.embedded.schema_versions import found_schemas
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

LAST_BACKUP_FILE = "last-backup.json"


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """What was written, and what of the folder an operator may not expect in it, or miss."""

    file: Path
    size_bytes: int
    manifest: Manifest
    parts: FolderParts


@dataclass(frozen=True, slots=True)
class LastBackup:
    """What the data folder remembers of its newest backup."""

    at: datetime
    file: str


def make_backup(
    settings: GuildhallSettings,
    file: Path,
    clock: Clock,
    progress: Progress | None = None,
    announce_size: Progress | None = None,
) -> MadeBackup:
    """Writes `file` whole or not at all. Raises StartRefused."""
    folder, file = settings.folder.absolute(), file.absolute()
    if file.resolve().is_relative_to(folder.resolve()):
        raise StartRefused(f"{file} lies in the data folder: a backup belongs on another disk")
    if (folder / KAFKA_URL_FILE).exists():
        raise StartRefused(
            f"{folder} is a cluster's, whose bus on Kafka is of no one moment with its databases: "
            "stop it and copy the whole folder"
        )
    with opened_cluster(settings) as (cluster, _):
        if not isinstance(cluster, LaunchedCluster):
            raise StartRefused(
                "DATABASE_URL is a server of your own: back it up by its own means (pg_basebackup), "
                f"and copy {folder} beside it"
            )
        with written_backup(file) as writer:
            made_at = clock.now()
            manifest, parts = asyncio.run(_write(folder, cluster, writer, made_at, progress, announce_size))
    _remember(folder, LastBackup(made_at, str(file)))
    return MadeBackup(file, file.stat().st_size, manifest, parts)


async def _write(
    folder: Path,
    cluster: LaunchedCluster,
    writer: BackupWriter,
    made_at: datetime,
    progress: Progress | None,
    announce_size: Progress | None,
) -> tuple[Manifest, FolderParts]:
    try:
        schemas = await found_schemas(superuser_urls(cluster))
        if announce_size is not None:
            announce_size(await cluster_size_bytes(cluster.superuser_url()))
        await add_base_backup(cluster.server, writer, progress)
    except asyncpg.PostgresError as error:
        raise StartRefused(f"{cluster.described()} cannot be copied: {error}") from None
    parts = parts_of(folder)  # after the databases: what they name of other files is there by now
    for path in parts.files:
        try:
            with (folder / path).open("rb") as source:
                mode = os.fstat(source.fileno()).st_mode & 0o777
                writer.add(f"{FILES}{path.as_posix()}", source, mode, progress)
        except FileNotFoundError:  # gone meanwhile
            continue
    manifest = Manifest(
        release=VERSION,
        postgresql=cluster.server.version,
        made_at=made_at.isoformat(),
        schemas=schemas,
        parts=tuple(writer.parts),
    )
    writer.finish(manifest)
    return manifest, parts


def last_backup(folder: Path) -> LastBackup | None:
    """None where none was made, or nothing readable is said of it."""
    try:
        said = orjson.loads((folder / LAST_BACKUP_FILE).read_bytes())
        return LastBackup(datetime.fromisoformat(said["at"]), str(said["file"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _remember(folder: Path, last: LastBackup) -> None:
    """The backup is there all the same where the folder's disk is full."""
    beside = folder / f"{LAST_BACKUP_FILE}.new"
    try:
        beside.write_bytes(orjson.dumps({"at": last.at.isoformat(), "file": last.file}))
        beside.rename(folder / LAST_BACKUP_FILE)
    except OSError:
        beside.unlink(missing_ok=True)
