"""An operator's commands as they are typed, beside a Guildhall that serves and on the folder that it left."""

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path

import orjson
import pytest

from tests.support.embedded import REPOSITORY, EmbeddedGuildhall

pytestmark = pytest.mark.slow
ENVIRONMENT = {"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "100"}


@pytest.fixture(scope="module")
def guildhall() -> Generator[EmbeddedGuildhall]:
    with (
        tempfile.TemporaryDirectory(prefix="guildhall-operator-") as parent,
        EmbeddedGuildhall(Path(parent) / "home") as running,
    ):
        yield running


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "guildhall.command", *map(str, arguments)]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def found_union(guildhall: EmbeddedGuildhall, slug: str) -> None:
    key = guildhall.folder.with_name("founder.key")
    if not key.exists():
        assert run("client", "--new", key).returncode == 0
    body = orjson.dumps({"name": slug, "slug": slug, "purpose": "To be seen."}).decode()
    done = run("client", "--as", key, "--url", guildhall.url, "POST", "/v1/unions", body)
    assert done.returncode == 0, done.stderr


def test_events_are_seen_while_they_happen(guildhall: EmbeddedGuildhall) -> None:
    process = subprocess.Popen(
        command("events", "tail", "--data", guildhall.folder, "--type", "union"),
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        threading.Thread(
            target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True
        ).start()
        seen = None
        for number in range(40):  # until it has begun to look
            found_union(guildhall, f"seen-{number}")
            try:
                seen = orjson.loads(lines.get(timeout=1))
                break
            except queue.Empty:
                continue
        assert seen is not None and seen["type"] == "union" and seen["data"]["slug"].startswith("seen-")
    finally:
        process.terminate()
        process.wait(30)


def test_nothing_is_parked_and_a_group_begins_again(guildhall: EmbeddedGuildhall) -> None:
    assert run("events", "parked", "--data", guildhall.folder).stdout == "Nothing is parked.\n"
    assert run("events", "retry", "--data", guildhall.folder).returncode == 0
    refused = run("events", "rebuild", "--service", "market", "--data", guildhall.folder)
    assert refused.returncode == 1 and "--yes" in refused.stderr and "begins again" in refused.stdout
    done = run("events", "rebuild", "--service", "market", "--yes", "--data", guildhall.folder)
    assert done.returncode == 0 and done.stdout.endswith("The group market begins again.\n")


def test_the_doctor_misses_a_backup_and_finds_it_when_it_was_made(guildhall: EmbeddedGuildhall) -> None:
    found = run("doctor", "--json", "--data", guildhall.folder)
    assert found.returncode == 1, found.stdout
    troubles = [one for one in orjson.loads(found.stdout)["findings"] if one["level"] in {"unsafe", "broken"}]
    assert [one["name"] for one in troubles] == ["folder.backup"]
    file = guildhall.folder.with_name("house.backup")
    made = run("backup", file, "--data", guildhall.folder)
    assert made.returncode == 0 and "keep it as you keep keys" in made.stdout, made.stderr
    assert made.stderr == ""
    assert run("doctor", "--data", guildhall.folder).returncode == 0


def test_what_was_left_is_restored_audited_and_served(guildhall: EmbeddedGuildhall) -> None:
    file = guildhall.folder.with_name("house.backup")
    if not file.exists():
        assert run("backup", file, "--data", guildhall.folder).returncode == 0
    assert guildhall.stop() == 0
    restored = guildhall.folder.with_name("restored")
    done = run("restore", file, "--data", restored)
    assert done.returncode == 0 and done.stdout.rstrip().endswith("audit: clean"), done.stdout + done.stderr
    assert run("restore", file, "--data", restored).returncode == 1
    assert "nothing to do" in run("upgrade", "--data", restored).stdout
    with EmbeddedGuildhall(restored) as again:
        found_union(again, "goes-on")
    assert run("doctor", "--data", restored).returncode == 1  # no backup of this folder
    guildhall.start()
