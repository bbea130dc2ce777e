"""A member's export: its lines are those that identity sealed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.signatures import EXPORT_TYPE, KeyUnknown, NotSigned, signed_claims

FORM = "guildhall-export/1"


@dataclass(frozen=True, slots=True)
class Export:
    """What a sealed file says of itself. `cut`: tables of which there was more than a file holds."""

    member_id: str
    rows_count: int
    cut: tuple[str, ...]


def is_export(file: Path) -> bool:
    """Whether the file's first line says so."""
    try:
        with file.open("rb") as lines:
            first = json.loads(lines.readline())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.get("kind") == "export"


def read_export(file: Path, keys: Sequence[Mapping[str, Any]]) -> Export:
    """Hold a file against its seal. Raises Altered, Unreadable."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error}") from error
    lines = content.splitlines(keepends=True)
    try:
        head, seal = json.loads(lines[0]), json.loads(lines[-1])
        if head["form"] != FORM:
            raise Unreadable(f"{file.name} is of the form {head['form']!r}, not {FORM}")
        if seal.get("kind") != "export-seal":
            raise Altered(f"{file.name} has no seal at its end")
        claims = signed_claims(seal["signature"], keys, EXPORT_TYPE)
        if claims["digest"] != hashlib.sha256(b"".join(lines[:-1])).hexdigest():
            raise Altered(f"{file.name} does not hold the lines that were sealed")
        if claims["member_id"] != head["member_id"] or claims["rows_count"] != len(lines) - 2:
            raise Altered(f"the seal of {file.name} is of another export")
        return Export(claims["member_id"], claims["rows_count"], tuple(claims["cut"]))
    except NotSigned as unsigned:
        raise Altered(f"the seal of {file.name}: {unsigned}") from unsigned
    except KeyUnknown as unknown:
        raise Unreadable(f"the seal of {file.name} cannot be checked: {unknown}") from unknown
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"{file.name} is no export: {error!r}") from error
