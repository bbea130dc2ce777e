"""A served folder whose processes are killed while the story is told to it, and what is left in the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import asyncpg

from guildhall.embedded.opened import opened_databases
from guildhall.embedded.story_run import STORY_SETTINGS
from guildhall.postgres.postmaster import read_postmaster_file
from guildhall.reading_settings import read_guildhall_settings
from tests.crash.story_checks import lost, moved_wrongly
from tests.crash.story_client import StoryClient
from tests.support.embedded import REPOSITORY, EmbeddedGuildhall, free_port


class KilledHouse:
    """`guildhall up` and the story's client on a folder of their own."""

    def __init__(self, folder: Path, size: dict[str, int]) -> None:
        node_port = free_port()
        self.guildhall = EmbeddedGuildhall(
            folder / "home", None, GUILDHALL_DEVNET_PORT=str(node_port), **STORY_SETTINGS
        )
        self.guildhall.start()
        self.client = StoryClient(self.guildhall.url, folder / "story", size, f"http://127.0.0.1:{node_port}")

    def kill_server(self, *, with_postgresql: bool) -> str:
        """SIGKILL to the process, with or without its PostgreSQL; starts it again on the same port."""
        postgresql = self.guildhall.postgres_process_id
        self.guildhall.kill()
        if with_postgresql:
            _kill(postgresql)
        self.guildhall.start()
        left = "its PostgreSQL killed too" if with_postgresql else "its PostgreSQL left to itself"
        return f"{left}, ready again after {self.guildhall.started_in_seconds:.1f} s"

    def kill_postgresql(self) -> str:
        """SIGKILL to PostgreSQL alone; the runtime has to bring it back."""
        killed = self.guildhall.postgres_process_id
        _kill(killed)
        began = time.monotonic()
        while not self._has_other_postgresql(killed):
            assert self.guildhall.is_running(), self.guildhall.said()
            assert time.monotonic() - began < 90, "PostgreSQL is not back"
            time.sleep(0.02)
        return f"back after {time.monotonic() - began:.1f} s"

    def _has_other_postgresql(self, killed: int) -> bool:
        seen = read_postmaster_file(self.guildhall.folder / "postgres" / "cluster")
        return seen is not None and seen.ready and seen.process_id != killed

    async def faults(self) -> list[str]:
        """What was acknowledged and is not there, and what moved other than once."""
        settings = read_guildhall_settings(folder=self.guildhall.folder)
        async with AsyncExitStack() as stack:
            urls = stack.enter_context(opened_databases(settings))
            databases: dict[str, asyncpg.Connection] = {}
            for name, url in urls.items():
                databases[name] = await asyncpg.connect(url)
                stack.push_async_callback(databases[name].close)
            return await lost(databases, self.client.log.answers) + await moved_wrongly(databases)

    def audit(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guildhall.command", "audit", "--data", str(self.guildhall.folder)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )

    def end(self) -> None:
        self.client.kill()
        if self.guildhall.is_running():
            self.guildhall.stop()


def _kill(process_id: int) -> None:
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:  # it noticed the end of the server first
        return


@contextmanager
def killed_house(size: dict[str, int]) -> Generator[KilledHouse]:
    """Its folder has a short name, so that PostgreSQL's socket fits, and is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="guildhall-killed-"))
    house = KilledHouse(folder, size)
    try:
        yield house
    finally:
        house.end()
        shutil.rmtree(folder, ignore_errors=True)
