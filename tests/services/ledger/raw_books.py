"""A union's books recomputed from raw rows, one transfer after the other; nothing of the ledger's is used.

Every check returns what is wrong in words, so that a test may also plant something and see it named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from guildhall.audit import journal, ledger, pending
from guildhall.audit.promises import House
from guildhall.audit.run import look
from guildhall.verify.journal import Journal
from tests.services.ledger.house import FOUNDER, PATH, LedgerHouse

HOLD, HOLD_POST, HOLD_VOID, HOLD_EXPIRE = range(11, 15)
ENDS = {HOLD_POST: "posted", HOLD_VOID: "voided", HOLD_EXPIRE: "expired"}
MOVING_NOTHING = {HOLD, HOLD_VOID, HOLD_EXPIRE}
PROMISES = (*ledger.PROMISES, *journal.PROMISES, *pending.PROMISES)

BOOKS: dict[str, str] = {
    "transfers": "sequence",
    "transfer_particulars": "sequence",
    "transfer_memos": "sequence",
    "transfer_acts": "sequence",
    "refused_transfers": "principal_id, id",
    "account_balances": "number",
    "accounts": "number",
    "contributions": "escrow_number, contributor_number",
    "holds": "debit_number, id",
    "mandates": "debit_number, id",
    "mandate_uses": "debit_number, mandate_id",
    "journal_entries": "number",
    "journal_heads": "union_id",
}
"""All that a posting may write of a union's books, each table with its order."""

Books = dict[str, list[tuple[Any, ...]]]


async def all_rows(url: str) -> Books:
    """Every row of the books, in one snapshot."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return {
                table: [
                    tuple(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY {order}")
                ]
                for table, order in BOOKS.items()
            }
    finally:
        await connection.close()


def changed_tables(before: Books, after: Books) -> set[str]:
    return {table for table in BOOKS if before[table] != after[table]}


async def faults_of_books(url: str, union_id: UUID) -> list[str]:
    """What is wrong in the union's rows, by an own replay and by the audit's promises about the ledger."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            replay = await _replayed(connection, union_id)
            found = replay.faults + await _faults_of_entries(connection, union_id)
            verdicts = await look(House({"ledger": connection}, datetime.now(UTC)), PROMISES)
    finally:
        await connection.close()
    audited = [f"{one.promise.name}: {finding}" for one in verdicts for finding in one.checked.findings]
    return found + audited


@dataclass(slots=True)
class _Replay:
    """Accounts by their numbers, as the rows so far leave them; `available`: without what is held."""

    issuance: set[int]
    faults: list[str] = field(default_factory=list[str])
    balances: Counter[int] = field(default_factory=Counter[int])
    reserved: Counter[int] = field(default_factory=Counter[int])
    expected: Counter[int] = field(default_factory=Counter[int])
    newest: Counter[int] = field(default_factory=Counter[int])
    open_holds: dict[tuple[int, UUID], tuple[int, int]] = field(
        default_factory=dict[tuple[int, UUID], tuple[int, int]]
    )
    """Amount and payee of each hold that has not ended, by the payer and its id."""

    def take(self, row: Any) -> None:
        debit, credit, minor, code = (
            row[name] for name in ("debit_number", "credit_number", "amount_minor", "code")
        )
        if code == HOLD:
            self._reserve(debit, credit, minor)
            self.open_holds[debit, row["id"]] = (minor, credit)
        elif code in ENDS:
            self._end(row)
        if code not in MOVING_NOTHING:
            self.balances[debit] -= minor
            self.balances[credit] += minor
        self._look_back(row)
        if debit not in self.issuance and self.balances[debit] < self.reserved[debit]:
            available = self.balances[debit] - self.reserved[debit]
            self.faults.append(f"account {debit} has {available} available after transfer {row['sequence']}")

    def _reserve(self, payer: int, payee: int, minor: int) -> None:
        self.reserved[payer] += minor
        self.expected[payee] += minor

    def _end(self, row: Any) -> None:
        held = self.open_holds.pop((row["debit_number"], row["pending_id"]), None)
        if held is None:
            self.faults.append(f"transfer {row['sequence']} ends a hold that is not open")
            return
        minor, payee = held
        self._reserve(row["debit_number"], payee, -minor)
        most_or_all = (
            row["amount_minor"] <= minor if row["code"] == HOLD_POST else row["amount_minor"] == minor
        )
        if payee != row["credit_number"] or not most_or_all:
            self.faults.append(f"transfer {row['sequence']} does not fit its hold of {minor} for {payee}")

    def _look_back(self, row: Any) -> None:
        """The rows that it names as its accounts' last are those of the scan so far."""
        sides = (row["debit_number"], row["credit_number"])
        moves = row["code"] not in MOVING_NOTHING
        scanned = tuple(self.newest[side] if moves else 0 for side in sides)
        if (row["debit_previous"], row["credit_previous"]) != scanned:
            self.faults.append(f"transfer {row['sequence']} does not name {scanned} as those before")
        if moves:
            self.newest.update({side: row["sequence"] - self.newest[side] for side in sides})


async def _replayed(connection: asyncpg.Connection, union_id: UUID) -> _Replay:
    issuance = "SELECT number FROM accounts WHERE union_id = $1 AND kind = 'issuance'"
    replay = _Replay({row["number"] for row in await connection.fetch(issuance, union_id)})
    rows = await connection.fetch(
        "SELECT t.*, p.pending_id FROM transfers t LEFT JOIN transfer_particulars p "
        "USING (union_id, sequence) WHERE union_id = $1 ORDER BY sequence",
        union_id,
    )
    if [row["sequence"] for row in rows] != list(range(1, len(rows) + 1)):
        replay.faults.append("the sequence has gaps")
    for row in rows:
        replay.take(row)
    if sum(replay.balances.values()) != 0:
        replay.faults.append(f"all transfers sum to {sum(replay.balances.values())}")
    stored = await connection.fetch("SELECT * FROM account_balances WHERE union_id = $1", union_id)
    if (total := sum(row["balance_minor"] for row in stored)) != 0:
        replay.faults.append(f"all balances sum to {total}")
    columns = {
        "balance_minor": replay.balances,
        "reserved_minor": replay.reserved,
        "expected_minor": replay.expected,
        "last_sequence": replay.newest,
    }
    for row in stored:
        replay.faults += [
            f"account {row['number']}: {name} is {row[name]}, by its transfers {scanned[row['number']]}"
            for name, scanned in columns.items()
            if row[name] != scanned[row["number"]]
        ]
    return replay


async def _faults_of_entries(connection: asyncpg.Connection, union_id: UUID) -> list[str]:
    """Numbers without a gap, times that only grow, counts that are those of their rows."""
    entries = await connection.fetch(
        "SELECT * FROM journal_entries WHERE union_id = $1 ORDER BY number", union_id
    )
    counted = await connection.fetch(
        "SELECT entry_number, count(*) AS counted, max(sequence) AS newest FROM transfers "
        "WHERE union_id = $1 GROUP BY entry_number ORDER BY entry_number",
        union_id,
    )
    head = await connection.fetchrow("SELECT * FROM journal_heads WHERE union_id = $1", union_id)
    faults: list[str] = []
    if [entry["number"] for entry in entries] != list(range(1, len(entries) + 1)):
        faults.append("the journal has gaps")
    if not _grows([entry["time"] for entry in entries]):
        faults.append("the times of the journal do not grow")
    if [tuple(row) for row in counted] != [
        (entry["number"], entry["count"], entry["last_sequence"]) for entry in entries
    ]:
        faults.append("the entries do not count their transfers")
    last = entries[-1]
    if head is None or any(head[name] != last[name] for name in ("number", "last_sequence", "time", "hash")):
        faults.append("the head is not the last entry")
    return faults


def _grows(times: Sequence[datetime]) -> bool:
    return all(one < other for one, other in pairwise(times))


async def verified_journal(house: LedgerHouse) -> Journal:
    """What `guildhall verify` reads of the officers' files, with every transfer. Raises Altered."""
    read, path = Journal(), "/journal/rows.jsonl"
    while path:
        answer = await house.get(path, FOUNDER)
        assert answer.status_code == 200, answer.text
        read.read(orjson.loads(line) for line in answer.text.splitlines())
        path = answer.links.get("next", {}).get("url", "").removeprefix(PATH)
    return read
