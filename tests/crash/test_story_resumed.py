"""`guildhall demo` killed in the middle goes on where it stopped; told again, it adds a season."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from tests.crash.story_client import StoryLog
from tests.support.embedded import REPOSITORY, free_port

GIGS, CANCELLED, PAID_OUT, MISSED = 8, 2, 6, 4
SIZE = {
    "--people": 30,
    "--gigs": GIGS,
    "--cancelled-gigs": CANCELLED,
    "--pledges": 6,
    "--deadline-seconds": 5,
}
STATES = {"expired": 1, "pending": 1, "posted": 2, "voided": 4, "active": 7, "revoked": 1}
"""Of the season's deposits for the loom, and of the mandates of its cloth club."""
TELL = """
import sys
from pathlib import Path
from guildhall.embedded.story_run import tell_story
from guildhall.reading_settings import read_guildhall_settings
sys.exit(tell_story(Path(sys.argv[1]), read_guildhall_settings(port=int(sys.argv[2])), sys.argv[3:]))
"""
"""What `guildhall demo` runs, with the options that make the story small."""


class Demo:
    """One run on a folder, and what it said."""

    def __init__(self, folder: Path, port: int) -> None:
        size = [text for name, value in SIZE.items() for text in (name, str(value))]
        self.log = StoryLog(folder / "story" / "story.jsonl")
        self._said = folder.parent / "said.txt"
        command = [sys.executable, "-c", TELL, str(folder), str(port), *size]
        with self._said.open("w") as said:
            self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=said)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children(recursive=True)

    def client(self) -> psutil.Process:
        """The story's client, which starts once the server is ready."""
        while True:
            for child in self.children():
                if "guildhall.demo" in child.cmdline():
                    return child
            assert self._process.poll() is None, self.said()
            time.sleep(0.005)

    def follow_until(self, prefix: str, lines: int) -> None:
        """Returns once so many acts of the chapter were begun."""
        while self.log.lines_by_prefix.get(prefix, 0) < lines:
            assert self._process.poll() is None, self.said()
            time.sleep(0.005)
            self.log.read_on()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def ended(self) -> int:
        return self._process.wait(300)

    def said(self) -> str:
        return self._said.read_text()

    def told(self, name: str) -> int:
        """A count of the table of sums."""
        found = re.search(rf"{name}\s+│\s+([\d,]+) ", self.said())
        assert found is not None, self.said()
        return int(found[1].replace(",", ""))


@pytest.fixture
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="guildhall-resumed-") as parent:
        yield Path(parent) / "demo"


@pytest.mark.slow
def test_a_killed_demo_is_taken_up_where_it_stopped_and_a_second_run_adds_a_season(folder: Path) -> None:
    port = free_port()
    for chapter, lines in (("join", 12), ("project", 3), ("agree", 4), ("pledge", 30)):
        demo = Demo(folder, port)
        demo.follow_until(chapter, lines)
        demo.client().send_signal(signal.SIGKILL)
        assert demo.ended() != 0
    interrupted = Demo(folder, port)
    interrupted.follow_until("missed", 1)
    left = interrupted.children()
    interrupted.kill()  # the command itself: server, client and PostgreSQL end with it
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive

    weaving = Demo(folder, port)
    weaving.follow_until("mandate", 3)
    weaving.client().send_signal(signal.SIGKILL)
    assert weaving.ended() != 0

    first = Demo(folder, port)
    assert first.ended() == 0, first.said()
    assert "Season 1" in first.said() and "audit: clean" in first.said()
    assert _sums(first) == (GIGS, CANCELLED, PAID_OUT, MISSED)
    assert _states(first) == STATES
    first.log.read_on()

    second = Demo(folder, port)
    assert second.ended() == 0, second.said()
    assert "Season 2" in second.said() and "audit: clean" in second.said()
    assert _sums(second) == (2 * GIGS, 2 * CANCELLED, 2 * PAID_OUT, 2 * MISSED)
    assert _states(second) == STATES
    second.log.read_on()
    for chapter in ("found", "join", "follow", "confirm", "voice"):  # of the union, not of a season
        assert second.log.lines_by_prefix[chapter] == first.log.lines_by_prefix[chapter]


def _sums(demo: Demo) -> tuple[int, int, int, int]:
    return (
        demo.told("agreements paid"),
        demo.told("agreements refunded"),
        demo.told("projects paid out"),
        demo.told("projects refunded"),
    )


def _states(demo: Demo) -> dict[str, int]:
    for place in ("mandate_exceeded", "mandate_missing"):
        assert re.search(rf"refused again/\d+ from person-\d+: {place}", demo.said()), demo.said()
    return {state: demo.told(state) for state in STATES}
