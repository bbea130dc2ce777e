"""The ledger's history: the journal's numbers, its digests over the transfers, and its chain of hashes."""

from __future__ import annotations

import hashlib
import struct
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from guildhall.audit.promises import Checked, House, Promise, none_of

GENESIS_HASH = bytes(32)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


async def journal(house: House) -> Checked:
    """History is append-only: no gap in the numbers, rows that fit their digest, hashes that chain."""
    checked = Checked()
    heads = await house.rows("ledger", "SELECT * FROM journal_heads ORDER BY union_id")
    checked.numbers["unions"] = len(heads)
    for head in heads:
        entries = await house.rows(
            "ledger", "SELECT * FROM journal_entries WHERE union_id = $1 ORDER BY number", head["union_id"]
        )
        rows = await house.rows(
            "ledger",
            """
            SELECT t.*, d.id AS debit_id, c.id AS credit_id, d.asset
            FROM transfers t
            JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
            JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
            WHERE t.union_id = $1 ORDER BY t.sequence
            """,
            head["union_id"],
        )
        checked.add(_chain(head, entries, rows))
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT union_id, count(*) AS transfers_count FROM transfers t
        WHERE NOT EXISTS (SELECT FROM journal_heads h WHERE h.union_id = t.union_id) GROUP BY union_id
        """,
        "{transfers_count} transfers of a union without a journal",
    )
    return checked


def _chain(head: Any, entries: list[asyncpg.Record], rows: list[asyncpg.Record]) -> Checked:
    checked = Checked({"entries": len(entries), "rows hashed": len(rows)})
    union = f"union_id={head['union_id']}"
    previous, place = GENESIS_HASH, 0
    for expected_number, entry in enumerate(entries, start=1):
        named = f"{union} number={entry['number']}"
        if entry["number"] != expected_number:
            checked.wrong("ledger", named, f"the entry after {expected_number - 1} is missing")
            return checked
        of_entry = rows[place : place + entry["count"]]
        place += entry["count"]
        if _digest(of_entry) != entry["digest"] or any(
            row["entry_number"] != expected_number for row in of_entry
        ):
            checked.wrong("ledger", named, "the transfers of this entry do not fit its digest")
        line = (
            f"guildhall-journal {entry['format']} {head['union_id']} {entry['number']} "
            f"{(entry['time'] - EPOCH) // timedelta(microseconds=1)} {entry['count']} "
            f"{entry['digest'].hex()} {previous.hex()}\n"
        )
        if entry["previous_hash"] != previous or entry["hash"] != hashlib.sha256(line.encode()).digest():
            checked.wrong("ledger", named, "the entry does not fit the chain")
        previous = entry["hash"]
    if head["hash"] != previous or head["number"] != len(entries) or place != len(rows):
        checked.wrong("ledger", f"{union} number={head['number']}", "the head is not the last entry")
    return checked


def _digest(rows: list[asyncpg.Record]) -> bytes:
    digest = hashlib.sha256()
    for row in rows:
        symbol = row["asset"].encode()
        digest.update(struct.pack(">q", row["sequence"]))
        for name in ("id", "principal_id", "debit_id", "credit_id"):
            digest.update(row[name].bytes)
        digest.update(bytes((len(symbol),)) + symbol + struct.pack(">qh", row["amount_minor"], row["code"]))
    return digest.digest()


PROMISES = (Promise("ledger", "ledger.journal", "history is append-only and hash-chained", journal),)
