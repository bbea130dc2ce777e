"""A union outgrows one process: its backup goes on in a cluster, or nothing is written."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import orjson
import pytest

from chassis.clock import SystemClock
from guildhall.backup.archive import opened_backup
from guildhall.backup.into_cluster import restore_into_cluster
from guildhall.backup.make import make_backup
from guildhall.cluster.processes import ClusterPlan
from guildhall.cluster.run import serve_cluster
from guildhall.data_folder import RESTORING
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.opened import opened_databases
from guildhall.embedded.story_run import tell_story
from guildhall.reading_settings import read_guildhall_settings
from guildhall.refusals import StartRefused
from tests.crash.story_checks import lost, moved_wrongly
from tests.crash.story_client import SEED, SMALL, StoryLog
from tests.crash.test_cluster_kills import MISSING
from tests.guildhall.backup.living_house import settings_of
from tests.guildhall.backup.test_archive import bent, made
from tests.support.embedded import REPOSITORY, free_port

RESTORE_SECONDS_MAX = 600
SIZE = [text for name, value in SMALL.items() for text in (name, str(value))] + ["--seed", SEED]
TRANSFERS = "SELECT count(*) FROM transfers"


def _restored(file: Path, folder: Path) -> None:
    with opened_backup(file) as backup:
        restore_into_cluster(backup, ClusterPlan(folder, 8080, {}))


def test_a_cluster_that_has_anything_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    (folder / "postgres").mkdir(parents=True)
    with pytest.raises(StartRefused, match=r"is not empty \(postgres\)"):
        _restored(made(tmp_path / "a.backup"), folder)
    assert sorted(os.listdir(folder)) == ["lock", "postgres"]


def test_a_cluster_that_runs_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    with FolderLock(folder), pytest.raises(StartRefused, match="is in use by another Guildhall"):
        _restored(made(tmp_path / "a.backup"), folder)


@pytest.mark.parametrize("name", ["files/logs/market-1.log", "files/volumes/kafka/x", "files/processes.json"])
def test_a_backup_with_what_a_cluster_keeps_for_itself_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartRefused, match="which a cluster keeps for itself"):
        _restored(made(tmp_path / "a.backup", secret=name), tmp_path / "cluster")
    assert not (tmp_path / "cluster").exists()


@pytest.mark.parametrize("is_new", [True, False])
def test_a_restore_that_fails_leaves_the_folder_as_it_was(tmp_path: Path, is_new: bool) -> None:
    file, folder = made(tmp_path / "a.backup"), tmp_path / "cluster"
    bent(file)
    if not is_new:
        folder.mkdir()
    with pytest.raises(StartRefused, match="is not what was backed up"):
        _restored(file, folder)
    assert folder.exists() is not is_new
    assert is_new or os.listdir(folder) == ["lock"]


def test_a_cluster_whose_restore_was_cut_off_is_not_served(tmp_path: Path) -> None:
    (tmp_path / RESTORING).mkdir()
    with pytest.raises(StartRefused, match="was cut off"):
        serve_cluster(ClusterPlan(tmp_path, free_port(), {}), settings_of(tmp_path))


def test_a_clusters_folder_is_not_backed_up_as_one_moment(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "kafka-url").touch()
    with pytest.raises(StartRefused, match="stop it and copy the whole folder"):
        make_backup(settings_of(tmp_path), tmp_path.parent / "a.backup", SystemClock())


def _guildhall(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildhall.command", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=RESTORE_SECONDS_MAX,
    )


def test_without_a_folder_nothing_is_restored(tmp_path: Path) -> None:
    refused = _guildhall("restore", str(made(tmp_path / "a.backup")))
    assert (refused.returncode, refused.stderr) == (
        1,
        "guildhall: name a new or empty folder with --data DIR\n",
    )


async def _looked_at(urls: Mapping[str, str], story: StoryLog) -> tuple[int, list[str]]:
    """How many transfers there are, and what the client was promised that is not there."""
    async with AsyncExitStack() as stack:
        databases: dict[str, asyncpg.Connection] = {}
        for name, url in urls.items():
            databases[name] = await asyncpg.connect(url)
            stack.push_async_callback(databases[name].close)
        faults = await lost(databases, story.answers) + await moved_wrongly(databases)
        return int(await databases["ledger"].fetchval(TRANSFERS) or 0), faults


def _seen(home: Path) -> tuple[int, list[str]]:
    story = StoryLog(home / "story" / "story.jsonl")
    story.read_on()
    assert story.answers
    with opened_databases(read_guildhall_settings(folder=home)) as urls:
        return asyncio.run(_looked_at(urls, story))


@pytest.mark.slow
@pytest.mark.skipif(MISSING is not None, reason=str(MISSING))
def test_a_union_goes_on_in_a_cluster_with_its_members_keys_and_money(short_folder: Path) -> None:
    home, cluster, file = short_folder / "one", short_folder / "many", short_folder / "one.backup"
    settings = read_guildhall_settings(port=free_port())
    assert tell_story(home, settings, SIZE) == 0
    make_backup(settings.model_copy(update={"folder": home}), file, SystemClock())
    transfers_before, _ = _seen(home)

    restored = _guildhall(
        "restore", str(file), "--into-cluster", "--data", str(cluster), "--port", str(settings.port)
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert f"guildhall cluster --data {cluster} --port {settings.port}" in restored.stdout
    assert _seen(cluster) == (transfers_before, [])
    assert not (cluster / RESTORING).exists()

    # Another season by the same client folder: keys, acts and intents are known; audited at its end.
    assert tell_story(cluster, settings, SIZE, by="cluster") == 0
    assert orjson.loads((cluster / "story" / "season.json").read_bytes()) == {"told": 2}
    transfers_after, faults = _seen(cluster)
    assert faults == [] and transfers_after > transfers_before
