"""`guildhall restore`: a backup into an empty or new folder, verified before anything is written."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from guildhall.backup.archive import CHUNK_BYTES, CLUSTER, FILES, Backup, Part, Progress
from guildhall.data_folder import RESTORING, is_newer
from guildhall.embedded.folder_lock import FolderLock
from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.launcher import PostgresServer
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

_POSTGRES = "postgres"
_OURS_BEFORE = frozenset({"lock"})


def restore(backup: Backup, folder: Path, progress: Progress | None = None) -> None:
    """Verify, then write; on a failure the folder is as it was. Raises StartRefused."""
    refuse_occupied(folder)
    refuse_unreadable(backup)
    backup.verify(progress)
    with _building(folder) as building:
        for part in backup.manifest.parts:
            if part.name == CLUSTER:
                _extract_cluster(backup, building / _POSTGRES / "cluster", progress)
            else:
                _extract_file(backup, part, building, progress)
        PostgresServer(building / _POSTGRES, "").adopt_cluster()
        os.sync()
        # The databases come last: a folder that has them is whole.
        for name in sorted(os.listdir(building), key=lambda name: name == _POSTGRES):
            (building / name).rename(folder / name)


def refuse_occupied(folder: Path) -> None:
    """Raises StartRefused for a folder in which something is."""
    try:
        there = sorted(set(os.listdir(folder)) - _OURS_BEFORE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StartRefused(f"cannot restore into {folder}: {error.strerror}") from None
    if there:
        raise StartRefused(f"{folder} is not empty ({there[0]}): restore into a new folder")


def refuse_unreadable(backup: Backup) -> None:
    """Raises StartRefused for a backup of a newer release, or of another PostgreSQL than is here."""
    manifest = backup.manifest
    if is_newer(manifest.release):
        raise StartRefused(
            f"{backup.file} was made by Guildhall {manifest.release}: restore it with that release or later"
        )
    here = find_binaries(ServerUser(None), Path())
    if manifest.postgresql.split(".")[0] != str(here.major_version):
        raise StartRefused(
            f"{backup.file} holds a cluster of PostgreSQL {manifest.postgresql} and this is {here.version}: "
            "restore it where that version is"
        )


@contextmanager
def _building(folder: Path) -> Generator[Path]:
    is_new = not folder.exists()
    building = folder / RESTORING
    try:
        with FolderLock(folder):
            building.mkdir(mode=0o700)
            yield building
            building.rmdir()
    except BaseException as error:
        shutil.rmtree(building, ignore_errors=True)
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise StartRefused(f"cannot restore into {folder}: {error.strerror or error}") from None
        raise


def _extract_cluster(backup: Backup, target: Path, progress: Progress | None) -> None:
    target.mkdir(mode=0o700, parents=True)
    try:
        with backup.opened(CLUSTER) as member, tarfile.open(fileobj=member, mode="r|") as tar:
            for entry in tar:
                tar.extract(entry, target, filter="data")
                if progress is not None:
                    progress(entry.size)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise StartRefused(f"{backup.file} is damaged: {error}") from None


def _extract_file(backup: Backup, part: Part, building: Path, progress: Progress | None) -> None:
    target = building / PurePosixPath(part.name).relative_to(FILES)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, part.mode)
    with backup.opened(part.name) as member, os.fdopen(descriptor, "wb") as out:
        while chunk := member.read(CHUNK_BYTES):
            out.write(chunk)
            if progress is not None:
                progress(len(chunk))
