"""The file of a backup: a ZIP whose last member is a manifest with the hash of every other one."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guildhall.refusals import StartRefused

FORMAT = 1
MANIFEST = "manifest.json"
CLUSTER = "postgres.tar"
FILES = "files/"
CHUNK_BYTES = 1_048_576
MANIFEST_MAX_BYTES = 64 * CHUNK_BYTES
_COMPRESSION_LEVEL = 1  # the disk is the slower part from here on
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, KeyError)

Progress = Callable[[int], None]
"""Told how many bytes more have been done."""


class Part(BaseModel):
    """A member of the archive. `mode`: the permissions of the file."""

    model_config = ConfigDict(frozen=True)

    name: str
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    mode: Annotated[int, Field(ge=0, le=0o777)] = 0o600


class Manifest(BaseModel):
    """What the backup is of. `schemas`: where each database stands in its migrations."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["guildhall-backup"] = "guildhall-backup"
    format: int = FORMAT
    release: str
    postgresql: str
    made_at: str
    schemas: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def size_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts)


class BackupWriter:
    """Writes beside the file's place; `finish` puts it there, and nothing is there before."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL)
        self.parts: list[Part] = []

    def add(self, name: str, source: IO[bytes], mode: int = 0o600, progress: Progress | None = None) -> None:
        """Read `source` to its end."""
        digest, size_bytes = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
                member.write(chunk)
                size_bytes += len(chunk)
                if progress is not None:
                    progress(len(chunk))
        self.parts.append(Part(name=name, size_bytes=size_bytes, sha256=digest.hexdigest(), mode=mode))

    def abandon(self) -> None:
        """What was written is thrown away: whatever else fails in closing it changes nothing."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        self._zip.close()


@contextmanager
def written_backup(file: Path) -> Generator[BackupWriter]:
    """A file of the mode 0600 that is whole or not there. Raises StartRefused."""
    if file.exists():
        raise StartRefused(f"{file} exists: name another file, or remove it first")
    making = file.with_name(f"{file.name}.making")
    try:
        descriptor = os.open(making, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartRefused(f"cannot write {file}: {error.strerror}") from None
    with os.fdopen(descriptor, "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartRefused(f"another backup is writing {file}") from None
        try:
            out.truncate()
            os.fchmod(out.fileno(), 0o600)
            writer = BackupWriter(out)
            try:
                yield writer
            except BaseException:
                writer.abandon()
                raise
            out.flush()
            os.fsync(out.fileno())
            making.rename(file)
            _sync_folder(file.parent)
        except OSError as error:
            making.unlink(missing_ok=True)
            raise StartRefused(f"cannot write {file}: {error.strerror or error}") from None
        except BaseException:
            making.unlink(missing_ok=True)
            raise


class Backup:
    """A backup that is read. What it says of itself is believed after `verify` alone."""

    def __init__(self, file: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.file = file
        self.manifest = manifest
        self._zip = archive

    def verify(self, progress: Progress | None = None) -> None:
        """Every member there is, once, with the hash that the manifest names. Raises StartRefused."""
        named = {part.name: part for part in self.manifest.parts}
        if len(named) != len(self.manifest.parts) or CLUSTER not in named:
            raise StartRefused(f"{self.file} is damaged: its manifest is incomplete")
        if sorted(self._zip.namelist()) != sorted([*named, MANIFEST]):
            raise StartRefused(f"{self.file} is damaged: its members are not those of its manifest")
        for part in self.manifest.parts:
            _refuse_path(self.file, part.name)
            with self.opened(part.name) as member:
                if _hash_of(self.file, part, member, progress) != part.sha256:
                    raise StartRefused(f"{self.file} is damaged: {part.name} is not what was backed up")

    def opened(self, name: str) -> IO[bytes]:
        """One member, to be read in order."""
        try:
            return self._zip.open(name)
        except _UNREADABLE as error:
            raise _damaged(self.file, error) from None


@contextmanager
def opened_backup(file: Path) -> Generator[Backup]:
    """Raises StartRefused for a file that is no backup, is cut off, or is of a newer form."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise StartRefused(f"there is no file {file}") from None
    except zipfile.BadZipFile:
        raise StartRefused(f"{file} is no backup of Guildhall, or is cut off") from None
    except OSError as error:
        raise StartRefused(f"cannot read {file}: {error.strerror or error}") from None
    with archive:
        yield Backup(file, archive, _manifest(file, archive))


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist():
        raise StartRefused(f"{file} is no backup of Guildhall: it has no manifest")
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_MAX_BYTES:
            raise StartRefused(f"{file} is no backup of Guildhall: its manifest is too large")
        text = archive.read(MANIFEST)
    except _UNREADABLE as error:
        raise _damaged(file, error) from None
    try:
        stated = _Stated.model_validate_json(text)
        if stated.format > FORMAT:
            raise StartRefused(
                f"{file} has the form {stated.format} and this release reads {FORMAT}: use a newer one"
            )
        return Manifest.model_validate_json(text)
    except ValidationError:
        raise StartRefused(f"{file} is no backup of Guildhall: its manifest says something else") from None


class _Stated(BaseModel):
    """What every form of the manifest begins with."""

    kind: Literal["guildhall-backup"]
    format: Annotated[int, Field(ge=1)]


def _hash_of(file: Path, part: Part, member: IO[bytes], progress: Progress | None) -> str:
    digest, size_bytes = hashlib.sha256(), 0
    try:
        while chunk := member.read(CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
            if size_bytes > part.size_bytes:
                return ""
            if progress is not None:
                progress(len(chunk))
    except _UNREADABLE as error:
        raise _damaged(file, error) from None
    return digest.hexdigest()


def _refuse_path(file: Path, name: str) -> None:
    """A member's name never leads out of the folder that it is written to."""
    if name == CLUSTER:
        return
    path = PurePosixPath(name)
    inside = name.startswith(FILES) and name != FILES and str(path) == name
    if not inside or ".." in path.parts or "\\" in name or "\x00" in name:
        raise StartRefused(f"{file} is no backup of Guildhall: it names the file {name!r}")


def _damaged(file: Path, error: Exception) -> StartRefused:
    return StartRefused(f"{file} is damaged: {error}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
