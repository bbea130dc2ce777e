"""Guildhall on machines that give it little: it serves, or says in one line what is missing."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from io import FileIO
from pathlib import Path

import asyncpg
import httpx
import orjson
import pytest

from guildhall.postgres.postmaster import read_postmaster_file
from tests.guildhall.machines.narrow import (
    needs_mounts,
    needs_users,
    read_only,
    seen_from_outside,
    with_memory,
    with_root_alone,
    with_tmpfs,
)
from tests.guildhall.test_operator import command, found_union
from tests.support.embedded import REPOSITORY, EmbeddedGuildhall

pytestmark = pytest.mark.slow


@pytest.fixture
def place() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="guildhall-narrow-") as made:
        yield Path(made)


def serves(guildhall: EmbeddedGuildhall) -> None:
    """It starts, an act is accepted, it stops as it should."""
    with guildhall:
        found_union(guildhall, "narrow")
        assert httpx.get(f"{guildhall.url}/v1/unions").json()["items"][0]["slug"] == "narrow"
        assert guildhall.stop() == 0


def refused(guildhall: EmbeddedGuildhall) -> str:
    """The one line that it ended with."""
    with pytest.raises(AssertionError, match="ended with 1"):
        guildhall.start()
    (line,) = guildhall.output
    return line


def test_64_megabytes_of_shared_memory_are_enough(place: Path) -> None:
    needs_mounts()
    serves(EmbeddedGuildhall(place / "home", within=with_tmpfs(Path("/dev/shm"), 64)))


def test_two_gigabytes_of_memory_are_enough(place: Path) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("there is no prlimit here")
    serves(EmbeddedGuildhall(place / "home", within=with_memory(2)))


def test_a_path_with_a_space_of_120_characters_is_as_good_as_any(place: Path) -> None:
    folder = place / ("a folder " + "x" * (120 - len(str(place)) - 10))
    assert len(str(folder)) == 120
    serves(EmbeddedGuildhall(folder))


def test_neither_a_locale_nor_a_terminal_is_needed(place: Path) -> None:
    within = ["setsid"] if shutil.which("setsid") else []
    serves(EmbeddedGuildhall(place / "home", within=within, LC_ALL="nowhere.UTF-8", LANG="", TERM="dumb"))


def test_root_that_can_become_nobody_else_is_told_so(place: Path) -> None:
    needs_users()
    line = refused(EmbeddedGuildhall(place / "home", within=with_root_alone()))
    assert "PostgreSQL refuses to run as root" in line and "DATABASE_URL" in line


def test_a_folder_that_is_read_only_is_told_so(place: Path) -> None:
    needs_mounts()
    (place / "home").mkdir()
    line = refused(EmbeddedGuildhall(place / "home", within=read_only(place)))
    assert "cannot write to" in line and "Read-only file system" in line and "--data DIR" in line


def test_a_disk_too_small_to_begin_on_is_told_so(place: Path) -> None:
    needs_mounts()
    line = refused(EmbeddedGuildhall(place / "home", within=with_tmpfs(place, 20)))
    assert "No space left on device" in line or "Check free disk space" in line


def test_a_disk_that_fills_up_stops_acts_says_so_and_loses_nothing(place: Path) -> None:
    needs_mounts()
    disk = place / "disk"
    disk.mkdir()
    guildhall = EmbeddedGuildhall(disk / "home", within=with_tmpfs(disk, 260))
    guildhall.start()
    key = place / "founder.key"
    subprocess.run(command("client", "--new", key), cwd=REPOSITORY, check=True, capture_output=True)
    try:
        acknowledged = [act(guildhall, key, f"before-{number}") for number in range(3)]
        assert all(acknowledged)
        inside = seen_from_outside(guildhall.process_id, disk)
        filler = inside / "filler"
        _fill(filler)
        kept = {f"full-{number}" for number in range(3) if act(guildhall, key, f"full-{number}", 503)}
        asyncio.run(use_up_the_log(inside / "home"))
        assert not act(guildhall, key, "without-a-disk", refused_with=503)
        eventually(lambda: said_full(guildhall, inside))
        filler.unlink()
        eventually(lambda: act(guildhall, key, "after"))
        assert kept | {"before-0", "before-1", "before-2", "after"} <= every_slug(guildhall)
        audit = ["nsenter", "--mount", f"--target={guildhall.process_id}"]
        audited = subprocess.run(
            [*audit, *command("audit", "--data", disk / "home")],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert audited.returncode == 0, audited.stdout[-2_000:] + audited.stderr
    finally:
        guildhall.stop()


def act(guildhall: EmbeddedGuildhall, key: Path, slug: str, refused_with: int | None = None) -> bool:
    """Whether founding a union was acknowledged; if not, with which status."""
    body = orjson.dumps({"name": slug, "slug": slug, "purpose": "x" * 900}).decode()
    sent = command("client", "--as", key, "--url", guildhall.url, "POST", "/v1/unions", body)
    done = subprocess.run(sent, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 or refused_with is None or f'"status": {refused_with}' in done.stdout
    return done.returncode == 0


def every_slug(guildhall: EmbeddedGuildhall) -> set[str]:
    found: set[str] = set()
    query: dict[str, str | int] = {"limit": 200}
    while True:
        page = httpx.get(f"{guildhall.url}/v1/unions", params=query, timeout=30).json()
        found |= {union["slug"] for union in page["items"]}
        if not page.get("next_cursor"):
            return found
        query["cursor"] = page["next_cursor"]


async def use_up_the_log(home: Path) -> None:
    """Until PostgreSQL wants a new file of its log and gets none: it stops, as it must."""
    password = orjson.loads((home / "secrets" / "database-passwords.json").read_bytes())["postgres"]
    seen = read_postmaster_file(home / "postgres" / "cluster")
    assert seen is not None and seen.port is not None
    connection = await asyncpg.connect(
        host="127.0.0.1", port=seen.port, user="postgres", password=password, database="postgres"
    )
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await _switch_on(connection)
    connection.terminate()


async def _switch_on(connection: asyncpg.Connection) -> None:
    for _ in range(100):
        await connection.execute("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 1000))")
        await connection.execute("SELECT pg_switch_wal()")


def said_full(guildhall: EmbeddedGuildhall, inside: Path) -> bool:
    """PostgreSQL's log names the full disk, and the gateway is not ready or answers 503 meanwhile."""
    log = (inside / "home" / "postgres" / "server.log").read_text(errors="replace")
    return re.search("No space left on device", log) is not None and guildhall.is_running()


def eventually(holds: object, within_seconds: float = 90) -> None:
    assert callable(holds)
    deadline = time.monotonic() + within_seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _fill(path: Path) -> None:
    """Until not a byte goes on the disk."""
    with path.open("wb", buffering=0) as out:
        for size in (1_048_576, 4_096):
            with pytest.raises(OSError, match="No space left"):
                _write_on(out, b"\x01" * size)


def _write_on(out: FileIO, block: bytes) -> None:
    while True:
        out.write(block)
