"""Each process of the cluster is killed in the story's middle: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from guildhall.cluster.processes import PROCESSES_FILE
from guildhall.embedded.child import ChildGuildhall
from guildhall.embedded.opened import opened_databases
from guildhall.kafka.jars import what_is_missing
from guildhall.reading_settings import read_guildhall_settings
from tests.crash.story_checks import lost, moved_wrongly
from tests.crash.story_client import SMALL, StoryClient
from tests.support.embedded import REPOSITORY, free_port

BACK_WITHIN_SECONDS = 180
ENDS_WITHIN_SECONDS = 1_200
CADDY = Path(sys.executable).with_name("caddy")
MISSING = what_is_missing() or (
    None if CADDY.exists() or shutil.which("caddy") else "no caddy (scripts/setup cluster brings it)"
)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(MISSING is not None, reason=str(MISSING))]


@pytest.fixture
def folder() -> Generator[Path]:
    """Its name is short, so that PostgreSQL's socket fits."""
    made = Path(tempfile.mkdtemp(prefix="guildhall-cluster-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _processes(home: Path) -> Mapping[str, dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((home / PROCESSES_FILE).read_text())
    return {process["name"]: process for process in listed}


def _kill(home: Path, name: str) -> float:
    """SIGKILL; how many seconds later another process of that name was well."""
    killed = _processes(home)[name]["process_id"]
    assert killed is not None, name
    os.kill(killed, signal.SIGKILL)
    began = time.monotonic()
    well = {"running"} if name.startswith("caddy") else {"healthy"}
    while True:
        now = _processes(home)[name]
        if now["process_id"] not in {None, killed} and now["state"] in well:
            return time.monotonic() - began
        assert time.monotonic() - began < BACK_WITHIN_SECONDS, f"{name} is not back: {now}"
        time.sleep(0.1)


def _audited(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildhall.command", "audit", "--data", str(home)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def _still_telling(client: StoryClient, url: str, folder: Path) -> StoryClient:
    """A story that is over before all are killed has another season."""
    if client.is_running():
        return client
    assert client.exit_code() == 0, client.said()
    return StoryClient(url, folder / "story", SMALL)


async def _faults(home: Path, client: StoryClient) -> list[str]:
    async with AsyncExitStack() as stack:
        urls = stack.enter_context(opened_databases(read_guildhall_settings(folder=home)))
        databases: dict[str, asyncpg.Connection] = {}
        for name, url in urls.items():
            databases[name] = await asyncpg.connect(url)
            stack.push_async_callback(databases[name].close)
        return await lost(databases, client.log.answers) + await moved_wrongly(databases)


async def test_each_process_of_the_cluster_is_killed_in_turn_and_the_story_ends_whole(folder: Path) -> None:
    home = folder / "home"
    with ChildGuildhall(home, free_port(), command="cluster") as cluster:
        names = [name for name, one in _processes(home).items() if one["process_id"] is not None]
        assert len(names) == 14, names
        client = StoryClient(cluster.url, folder / "story", SMALL)
        try:
            for name in names:
                client = _still_telling(client, cluster.url, folder)
                seconds = _kill(home, name)
                print(f"{name} killed, well again after {seconds:.1f} s")
            deadline = time.monotonic() + ENDS_WITHIN_SECONDS
            while client.is_running() and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            client.log.read_on()
            assert client.exit_code() == 0, client.said()
        finally:
            client.kill()
        audited = _audited(home)
        assert audited.returncode == 0, audited.stdout + audited.stderr
        assert await _faults(home, client) == []
