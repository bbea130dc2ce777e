"""`guildhall verify`: a journal's files, receipts and signed acts, checked without who gave them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from guildhall.verify.acts import CheckedAct, check_act
from guildhall.verify.export import Export, is_export, read_export
from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.journal import Journal

SOUND, ALTERED, UNREADABLE, UNSIGNED = 0, 1, 2, 3
ONE_OBJECT_MAX_BYTES = 64 * 2**20
"""A file that is one object of several lines is read whole up to this size."""


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
            journal.read(_but_acts(_objects(file), acts))
        journal.check_receipts()
    except Altered as altered:
        found, code = str(altered), ALTERED
    except Unreadable as unreadable:
        found, code = str(unreadable), UNREADABLE
    if code == SOUND and not journal.entries and not journal.receipts and not acts:
        found, code = "there is nothing in it", UNREADABLE
    if code == SOUND and not all(act.is_signed for act in acts):
        code = UNSIGNED
    print(
        _as_json(journal, acts, found, code) if as_json else _printable(_as_text(journal, acts, found, code))
    )
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
        keys = [key for file in files if not is_export(file) for one in _objects(file) for key in one["keys"]]
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
    print(said if as_json else _printable("\n".join(told)))
    return code


def _objects(file: Path) -> Iterator[dict[str, Any]]:
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


def _as_text(journal: Journal, acts: Sequence[CheckedAct], found: str, code: int) -> str:
    if code in (ALTERED, UNREADABLE):
        return f"{'ALTERED' if code == ALTERED else 'NOT READ'}: {found}."
    told = [_act_text(act) for act in acts]
    if journal.entries:
        first, last = min(journal.entries), max(journal.entries)
        rows = f", {journal.rows_count:,} transfers" if journal.rows_count else ""
        told.append(f"Sound: entries {first} to {last} of union {journal.union_id}{rows}.")
        bare_count = len(journal.entries) - journal.entries_with_rows_count
        if journal.rows_count and bare_count:
            told.append(f"The transfers of {bare_count:,} of these entries are not in these files.")
        if first > 1:
            told.append(f"What was before entry {first} is not in these files.")
        newest = journal.entries[last]
        told.append(f"Supply {newest['supply'] or 'not told'}; the hash of entry {last} is {newest['hash']}.")
    for receipt in journal.receipts:
        row, entry = receipt["row"], receipt["entry"]
        told.append(
            f"Sound: receipt of transfer {row['sequence']}, {row['minor']} minor units of {row['asset']} "
            f"from {row['debit_account']} to {row['credit_account']}, in entry {entry['number']} of "
            f"{entry['time']}."
        )
    if journal.receipts and not journal.entries:
        told.append("Give the journal's file besides, to see that these entries are in it.")
    if journal.receipts and not journal.keys:
        told.append("Give the ledger's keys besides (/v1/unions/UNION/journal/keys), to check signatures.")
    return "\n".join(told)


def _act_text(act: CheckedAct) -> str:
    what = (
        f"{act.method} {act.target_uri}, signed at {act.signed_at.isoformat()} by device {act.device_key_id}"
    )
    key = act.key if act.fingerprint is None else f"{act.key} (its public key's SHA-256: {act.fingerprint})"
    named = f"{act.issuer_kind.replace('_', ' ')} {key}"
    if act.is_signed:
        return f"Sound: {what}, which the {named} certified."
    why = (
        "whether it signed, only the chain can say"
        if act.fingerprint is None
        else "the passkey was made there then, and nothing signs that"
    )
    return f"UNSIGNED: {what}. That fits. The device is said to be of the {named}: {why}."


def _printable(text: str) -> str:
    """A file may hold what a terminal would obey."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def _as_json(journal: Journal, acts: Sequence[CheckedAct], found: str, code: int) -> str:
    last = max(journal.entries, default=None)
    return json.dumps(
        {
            "sound": code == SOUND,
            "found": found or None,
            "union_id": journal.union_id,
            "first_entry": min(journal.entries, default=None),
            "last_entry": last,
            "last_hash": None if last is None else journal.entries[last]["hash"],
            "transfers_count": journal.rows_count,
            "entries_with_transfers_count": journal.entries_with_rows_count,
            "receipts_count": len(journal.receipts),
            "acts": [
                {
                    "method": act.method,
                    "target_uri": act.target_uri,
                    "signed_at": act.signed_at.isoformat(),
                    "device_key_id": act.device_key_id,
                    "issuer_kind": act.issuer_kind,
                    "issuer": act.key,
                    "certificate_signed": act.is_signed,
                }
                for act in acts
            ],
        }
    )
