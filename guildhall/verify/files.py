"""Files as they come: JSON objects, one a line, or one object of several lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildhall.verify.findings import Unreadable

ONE_OBJECT_MAX_BYTES = 64 * 2**20
"""A file that is one object of several lines is read whole up to this size."""


def objects_of(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of the file, one a line. Raises Unreadable."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    one = json.loads(line)
                except (ValueError, RecursionError):
                    whole = _one_object(file) if number == 1 else None
                    if whole is not None:
                        yield whole
                        return
                    raise Unreadable(f"{file.name}, line {number} is no JSON") from None
                if not isinstance(one, dict):
                    raise Unreadable(f"{file.name}, line {number} is no JSON object")
                yield one
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file} cannot be read: {error}") from error


def _one_object(file: Path) -> dict[str, Any] | None:
    """A file that is one object, written on several lines."""
    if file.stat().st_size > ONE_OBJECT_MAX_BYTES:
        return None
    try:
        one = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return None
    return one if isinstance(one, dict) else None
