"""The client's own log: what it is about to do and what it saw acknowledged, one JSON object a line.

It is what a story is taken up from, and what the answers of a server that was killed are held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson


class Record:
    """Answers by act, in a file that is only added to."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._answers: dict[str, Any] = {}
        self._notes: dict[str, Any] = {}
        content = path.read_bytes() if path.exists() else b""
        for line in _whole_lines(content):
            if "answer" in line:
                self._answers[line["act"]] = line["answer"]
            elif "note" in line:
                self._notes[line["note"]] = line["value"]
        self._file = path.open("ab", buffering=0)
        if content and not content.endswith(b"\n"):  # torn by a kill: what comes next is a line of its own
            self._file.write(b"\n")

    def __contains__(self, act: str) -> bool:
        return act in self._answers

    def answer(self, act: str) -> Any:
        """What was acknowledged; KeyError when the act has no answer yet."""
        return self._answers[act]

    def begin(self, act: str) -> None:
        """The act is sent now."""
        self._write({"act": act})

    def acknowledge(self, act: str, answer: Any) -> None:
        """The act has its definite answer; `answer` is what the story needs of it."""
        self._write({"act": act, "answer": answer})
        self._answers[act] = answer

    def note(self, name: str, value: Any) -> None:
        """Keep what the client chose and cannot derive again from its seed, before it is sent."""
        self._write({"note": name, "value": value})
        self._notes[name] = value

    def noted(self, name: str) -> Any:
        """What was kept under this name; None where nothing was."""
        return self._notes.get(name)

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        self._file.close()


def _whole_lines(content: bytes) -> Iterator[dict[str, Any]]:
    """The lines of a log; the last one of a client that was killed may be torn."""
    for line in content.split(b"\n"):
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
