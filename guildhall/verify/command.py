"""`guildhall verify`: a journal's files, receipts and signed acts, checked without who gave them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from guildhall.verify import telling
from guildhall.verify.acts import CheckedAct, check_act
from guildhall.verify.export import Export, is_export, read_export
from guildhall.verify.files import objects_of
from guildhall.verify.findings import ALTERED, SOUND, UNREADABLE, UNSIGNED, Altered, Unreadable
from guildhall.verify.journal import Journal


def verify(files: Sequence[Path], *, as_json: bool) -> int:
    """Print what was found; the exit code: 0 sound, 1 altered, 2 not to be read, 3 sound but for the
    certificate of an act's device, which nothing signed that can be checked."""
    if any(is_export(file) for file in files):
        return _verify_exports(files, as_json=as_json)
    journal = Journal()
    acts: list[CheckedAct] = []
    found, code = "", SOUND
    try:
        for file in files:
            journal.read(_but_acts(objects_of(file), acts))
        journal.check_receipts()
    except Altered as altered:
        found, code = str(altered), ALTERED
    except Unreadable as unreadable:
        found, code = str(unreadable), UNREADABLE
    if code == SOUND and not journal.entries and not journal.receipts and not acts:
        found, code = "there is nothing in it", UNREADABLE
    if code == SOUND and not all(act.is_signed for act in acts):
        code = UNSIGNED
    told = telling.as_json if as_json else telling.as_text
    print(telling.printable(told(journal, acts, found, code)))
    return code


def _but_acts(objects: Iterator[dict[str, Any]], acts: list[CheckedAct]) -> Iterator[dict[str, Any]]:
    """What is the journal's; acts are checked as they come. Raises Altered, Unreadable."""
    for one in objects:
        if one.get("kind") == "act":
            acts.append(check_act(one))
        else:
            yield one


def _verify_exports(files: Sequence[Path], *, as_json: bool) -> int:
    """Members' exports, and the keys that sealed them (/v1/export-keys)."""
    told: list[str] = []
    found, code, exports = "", SOUND, list[Export]()
    try:
        keys = [
            key for file in files if not is_export(file) for one in objects_of(file) for key in one["keys"]
        ]
        if not keys:
            raise Unreadable("give the keys besides (/v1/export-keys), to check the seal")
        exports = [read_export(file, keys) for file in files if is_export(file)]
    except Altered as altered:
        found, code = str(altered), ALTERED
    except (Unreadable, KeyError, TypeError) as unreadable:
        found, code = str(unreadable), UNREADABLE
    for one in exports if code == SOUND else ():
        told.append(f"Sound: export of member {one.member_id}, {one.rows_count:,} rows.")
        told += [f"Of {part} there is more than the file holds." for part in one.cut]
    if code != SOUND:
        told.append(f"{'ALTERED' if code == ALTERED else 'NOT READ'}: {found}.")
    members = [{"member_id": one.member_id, "rows_count": one.rows_count} for one in exports]
    said = json.dumps({"sound": code == SOUND, "found": found or None, "exports": members})
    print(said if as_json else telling.printable("\n".join(told)))
    return code
