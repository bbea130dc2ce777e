"""The story's client as a process of its own, and its log as it grows."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.embedded import REPOSITORY

SEED = "killed"
SMALL = {"--people": 120, "--gigs": 40, "--cancelled-gigs": 8, "--pledges": 24, "--deadline-seconds": 15}


@dataclass(slots=True)
class StoryLog:
    """What the client has begun and what it saw acknowledged, read line by line."""

    path: Path
    begun: set[str] = field(default_factory=set[str])
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    lines_by_prefix: dict[str, int] = field(default_factory=dict[str, int])
    _read_bytes: int = 0

    def read_on(self) -> None:
        """Take in the lines that have been written since; a line not yet whole waits."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read_bytes)
            content = file.read()
        whole, newline, _ = content.rpartition(b"\n")
        self._read_bytes += len(whole) + len(newline)
        for line in whole.splitlines():
            self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        if "note" in line:
            self.notes[line["note"]] = line["value"]
        elif "answer" in line:
            self.answers[line["act"]] = line["answer"]
        else:
            act: str = line["act"]
            self.begun.add(act)
            parts = act.split("/")
            for count in range(1, len(parts) + 1):
                prefix = "/".join(parts[:count])
                self.lines_by_prefix[prefix] = self.lines_by_prefix.get(prefix, 0) + 1

    def in_flight(self, prefix: str) -> list[str]:
        """Acts of a chapter that are begun and not acknowledged."""
        return sorted(act for act in self.begun - self.answers.keys() if is_within(act, prefix))


class StoryClient:
    """`python -m guildhall.demo`; ends with the test."""

    def __init__(self, url: str, folder: Path, size: dict[str, int], node_url: str | None = None) -> None:
        self.log = StoryLog(folder / "story.jsonl")
        folder.mkdir(parents=True, exist_ok=True)
        self._said = folder / "said.txt"
        command = [sys.executable, "-m", "guildhall.demo", url, "--folder", str(folder), "--seed", SEED]
        if node_url is not None:
            command += ["--chain", node_url]
        for name, value in size.items():
            command += [name, str(value)]
        with self._said.open("w") as said:
            self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=said)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def exit_code(self) -> int | None:
        return self._process.poll()

    def said(self) -> str:
        return self._said.read_text()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def is_within(act: str, prefix: str) -> bool:
    """Whether the act is this one or one of this chapter."""
    return act == prefix or act.startswith(f"{prefix}/")
