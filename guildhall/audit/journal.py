"""The ledger's history: the journal's numbers, its digests over the transfers, and its chain of hashes."""

from __future__ import annotations

import hmac
from datetime import UTC
from typing import Any

import asyncpg

from guildhall.audit.promises import Checked, House, Promise, none_of
from guildhall.verify.hashes import (
    GENESIS_HASH,
    commitment_of,
    digest_of_format_1,
    entry_hash,
    leaf_of,
    root_of,
)

SUPPLY_SIGNS = {1: 1, 5: 1, 6: -1}
"""Genesis and issue, burn."""
"""The code that issues."""

_ROWS = """
SELECT t.*, d.id AS debit_account, c.id AS credit_account, d.asset, p.timeout_seconds, p.pending_id,
       p.mandate_id, m.memo, m.salt AS memo_salt, m.commitment AS memo_commitment
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
LEFT JOIN transfer_memos m ON (m.union_id, m.sequence) = (t.union_id, t.sequence)
WHERE t.union_id = $1 ORDER BY t.sequence
"""
_HEADS = """
SELECT h.*, k.salt_key FROM journal_heads h LEFT JOIN journal_keys k USING (union_id) ORDER BY union_id
"""


async def journal(house: House) -> Checked:
    """History is append-only: no gap in the numbers, rows that fit their digest, hashes that chain."""
    checked = Checked()
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT a.union_id, count(*) AS transfers_count
        FROM transfer_rows r LEFT JOIN accounts a ON a.number = r.debit_number
        WHERE NOT EXISTS (
            SELECT FROM journal_heads h JOIN principals p ON p.union_id = h.union_id
            WHERE h.union_number = r.union_number AND p.number = r.principal_number)
        GROUP BY a.union_id
        """,
        "{transfers_count} transfers of a union without a journal, or of nobody",
    )
    heads = await house.rows("ledger", _HEADS)
    checked.numbers["unions"] = len(heads)
    for head in heads:
        entries = await house.rows(
            "ledger", "SELECT * FROM journal_entries WHERE union_id = $1 ORDER BY number", head["union_id"]
        )
        rows = await house.rows("ledger", _ROWS, head["union_id"])
        checked.add(_chain(head, entries, rows))
    return checked


def _chain(head: Any, entries: list[asyncpg.Record], rows: list[asyncpg.Record]) -> Checked:
    checked = Checked({"entries": len(entries), "rows hashed": len(rows)})
    union = f"union_id={head['union_id']}"
    previous, place, issued_minor = GENESIS_HASH, 0, 0
    for expected_number, entry in enumerate(entries, start=1):
        named = f"{union} number={entry['number']}"
        if entry["number"] != expected_number:
            checked.wrong("ledger", named, f"the entry after {expected_number - 1} is missing")
            return checked
        own = rows[place : place + entry["count"]]
        place += entry["count"]
        issued_minor += sum(row["amount_minor"] * SUPPLY_SIGNS.get(row["code"], 0) for row in own)
        for wrong in _entry_faults(entry, own, head["salt_key"], issued_minor):
            checked.wrong("ledger", named, wrong)
        shown = _shown(entry)
        if shown["previous_hash"] != previous or shown["hash"] != entry_hash(shown):
            checked.wrong("ledger", named, "the entry does not fit the chain")
        previous = shown["hash"]
    if head["hash"].hex() != previous or head["number"] != len(entries) or place != len(rows):
        checked.wrong("ledger", f"{union} number={head['number']}", "the head is not the last entry")
    return checked


def _entry_faults(
    entry: Any, rows: list[asyncpg.Record], salt_key: bytes | None, issued_minor: int
) -> list[str]:
    faults: list[str] = []
    last = entry["last_sequence"]
    numbers = [(row["entry_number"], row["sequence"]) for row in rows]
    if not rows or numbers != [(entry["number"], place) for place in range(last - len(rows) + 1, last + 1)]:
        faults.append("the transfers are not those of this entry")
    elif _digest(entry, rows, salt_key) != entry["digest"].hex():
        faults.append("the transfers of this entry do not fit its digest")
    if entry["format"] > 1 and rows and entry["supply"] != f"{rows[0]['asset']}={issued_minor}":
        faults.append(f"the entry says the supply {entry['supply']}, {issued_minor} minor units were issued")
    for row in rows:
        memo, salt, commitment = row["memo"], row["memo_salt"], row["memo_commitment"]
        if salt is not None and commitment_of(memo, salt.hex()) != commitment.hex():
            faults.append(f"the memo of transfer {row['sequence']} is not the one that was hashed")
    return faults


def _digest(entry: Any, rows: list[asyncpg.Record], salt_key: bytes | None) -> str | None:
    if entry["format"] == 1:
        return digest_of_format_1([_row(row, None) for row in rows])
    return None if salt_key is None else root_of([leaf_of(_row(row, salt_key)) for row in rows])


def _row(row: Any, salt_key: bytes | None) -> dict[str, Any]:
    """As the journal's file shows it."""
    ids = ("id", "principal_id", "debit_account", "credit_account", "pending_id", "mandate_id")
    sequence, commitment = row["sequence"], row["memo_commitment"]
    salt = None if salt_key is None else hmac.digest(salt_key, sequence.to_bytes(8, "big"), "sha256").hex()
    return {
        **{name: None if row[name] is None else str(row[name]) for name in ids},
        **{name: row[name] for name in ("sequence", "asset", "code", "flags", "timeout_seconds")},
        "minor": str(row["amount_minor"]),
        "memo_commitment": None if commitment is None else commitment.hex(),
        "salt": salt,
    }


def _shown(entry: Any) -> dict[str, Any]:
    return {
        **{name: entry[name] for name in ("format", "number", "count", "supply")},
        "union_id": str(entry["union_id"]),
        "time": entry["time"].astimezone(UTC).isoformat(),
        **{name: entry[name].hex() for name in ("digest", "previous_hash", "hash")},
    }


PROMISES = (Promise("ledger", "ledger.journal", "history is append-only and hash-chained", journal),)
