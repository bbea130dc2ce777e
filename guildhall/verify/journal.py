"""Check files of a journal and receipts against each other; the first thing that does not fit is named."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.hashes import (
    GENESIS_HASH,
    digest_of_format_1,
    entry_hash,
    moment_of,
    root_of,
)
from guildhall.verify.receipts import check_receipt, check_row

FORMATS = (1, 2)
MALFORMED = (KeyError, TypeError, ValueError, OverflowError, AttributeError, struct.error)
"""What reading a field that is missing or of another kind raises."""
SUPPLY_SIGNS = {1: 1, 5: 1, 6: -1}
"""How the codes that change the supply do it: genesis and what a decision issues, what is burnt."""

Shown = Mapping[str, Any]


@dataclass(slots=True)
class Journal:
    """What was read of a union's journal so far."""

    union_id: str | None = None
    entries: dict[int, Shown] = field(default_factory=dict[int, Shown])
    rows_count: int = 0
    entries_with_rows_count: int = 0
    receipts: list[Shown] = field(default_factory=list[Shown])
    keys: list[Shown] = field(default_factory=list[Shown])
    """Of the ledger, to check the signatures of receipts by."""
    _open: Shown | None = None
    """The newest entry, whose rows may follow."""
    _rows: list[Shown] = field(default_factory=list[Shown])

    def read(self, objects: Iterable[Shown]) -> None:
        """Raises Altered, Unreadable. Files of one journal may follow one another."""
        for one in objects:
            kind = one.get("kind")
            try:
                if kind == "entry":
                    self._close()
                    self._enter(one)
                elif kind == "row":
                    self._add_row(one)
                elif kind == "receipt":
                    self.receipts.append(one)
                elif kind is None and "keys" in one:
                    self.keys += one["keys"]
                else:
                    raise Unreadable(
                        f"a line is of the kind {kind!r}, not entry, row or receipt, nor a set of keys"
                    )
            except MALFORMED as error:
                raise Unreadable(f"a line of the kind {kind} cannot be read: {error!r}") from error
        self._close()

    def check_receipts(self) -> None:
        """Raises Altered, Unreadable. The entry of a receipt has to be the journal's, where that is given."""
        for receipt in self.receipts:
            try:
                check_receipt(receipt, self.entries, self.keys)
            except MALFORMED as error:
                raise Unreadable(f"a receipt cannot be read: {error!r}") from error

    def _enter(self, entry: Shown) -> None:
        number, before = entry["number"], self._open
        if entry["format"] not in FORMATS:
            raise Unreadable(f"entry {number} has the format {entry['format']}: use a newer release")
        if self.union_id is None:
            self.union_id = entry["union_id"]
        if entry["union_id"] != self.union_id:
            raise Altered(f"entry {number} is of the union {entry['union_id']}, not of {self.union_id}")
        if before is not None and number != before["number"] + 1:
            raise Altered(f"entry {before['number'] + 1} is missing: {number} follows {before['number']}")
        previous_hash = before["hash"] if before is not None else None
        if number == 1:
            previous_hash = GENESIS_HASH
        if previous_hash is not None and entry["previous_hash"] != previous_hash:
            raise Altered(f"entry {number} does not follow entry {number - 1}: its previous hash is another")
        counted = before["last_sequence"] if before is not None else 0
        if (before is not None or number == 1) and entry["last_sequence"] != counted + entry["count"]:
            raise Altered(f"entry {number} does not count on from what was before it")
        if before is not None and moment_of(entry) <= moment_of(before):
            raise Altered(f"entry {number} is not later than entry {number - 1}")
        if entry_hash(entry) != entry["hash"]:
            raise Altered(f"entry {number} was altered: it does not fit its hash")
        self.entries[number] = self._open = entry

    def _add_row(self, row: Shown) -> None:
        if self._open is None:
            raise Unreadable("a row comes before any entry")
        first = self._open["last_sequence"] - self._open["count"] + 1
        if row["sequence"] != first + len(self._rows):
            raise Altered(f"transfer {first + len(self._rows)} is missing in entry {self._open['number']}")
        if self._open["format"] > 1:
            check_row(row)
        self._rows.append(row)

    def _close(self) -> None:
        """The rows of the newest entry, where there are any, make its digest and its supply."""
        entry, rows = self._open, self._rows
        if entry is None or not rows:
            return
        named = f"entry {entry['number']}"
        if len(rows) != entry["count"]:
            raise Altered(f"{named} has {entry['count']} transfers, {len(rows)} are given")
        has_leaves = entry["format"] > 1
        digest = root_of([row["leaf"] for row in rows]) if has_leaves else digest_of_format_1(rows)
        if digest != entry["digest"]:
            raise Altered(f"the transfers of {named}, {_range(rows)}, are not those that were hashed")
        self._check_supply(entry, rows)
        self.rows_count += len(rows)
        self.entries_with_rows_count += 1
        self._rows = []

    def _check_supply(self, entry: Shown, rows: list[Shown]) -> None:
        before = self.entries.get(entry["number"] - 1)
        if entry["format"] == 1 or (before is not None and before["format"] == 1):
            return
        issued = sum(int(row["minor"]) * SUPPLY_SIGNS.get(row["code"], 0) for row in rows)
        if before is None and entry["number"] > 1:
            return
        was = 0 if before is None else _supply_minor(before)
        if _supply_minor(entry) != was + issued:
            raise Altered(f"entry {entry['number']} says a supply that its transfers did not issue")


def _supply_minor(entry: Shown) -> int:
    return sum(int(one.partition("=")[2]) for one in entry["supply"].split(","))


def _range(rows: list[Shown]) -> str:
    return f"{rows[0]['sequence']} to {rows[-1]['sequence']}"
