"""Read the journal as it is verified: entries, entries with their rows, the receipt of one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.money import MINOR_MAX
from services.ledger.domain.errors import ReceiptTooOld, TransferNotFound
from services.ledger.domain.journal_rows import salt_of
from services.ledger.domain.proofs import JournalLine, Receipt, entry_object, receipt_of, row_object
from services.ledger.store.journal import entries_before, entries_from, entry_of, find_salt_key, rows_between

if TYPE_CHECKING:
    import asyncpg


@dataclass(frozen=True, slots=True)
class JournalPart:
    """Lines of a file; `next_number` is the entry that the next file begins with, None at the end."""

    objects: list[dict[str, Any]]
    next_number: int | None


async def read_entries(raw: asyncpg.Connection, union_id: UUID, first: int, entries_max: int) -> JournalPart:
    lines = await entries_from(raw, union_id, first, entries_max + 1)
    return _part([entry_object(union_id, line) for line in lines[:entries_max]], lines, entries_max)


async def read_rows(
    raw: asyncpg.Connection, union_id: UUID, first: int, entries_max: int, rows_max: int
) -> JournalPart:
    """Whole entries, at least one, of at most so many rows in all."""
    salt_key = await find_salt_key(raw, union_id)
    lines = await entries_from(raw, union_id, first, entries_max + 1)
    objects: list[dict[str, Any]] = []
    taken, rows_count = 0, 0
    for line in lines[:entries_max]:
        rows_count += line.count
        if taken and rows_count > rows_max:
            break
        taken += 1
        objects.append(entry_object(union_id, line))
        for row in await rows_between(raw, union_id, line.first_sequence, line.last_sequence):
            salt = salt_of(salt_key, row.sequence) if salt_key is not None and line.has_leaves else None
            objects.append(row_object(row, salt, with_memo=False))
    return _part(objects, lines, taken)


async def read_receipt(raw: asyncpg.Connection, union_id: UUID, account_id: UUID, sequence: int) -> Receipt:
    """Of a transfer of this account. Raises TransferNotFound, ReceiptTooOld where the entry has no leaves."""
    line = await entry_of(raw, union_id, sequence)
    if line is None:
        raise TransferNotFound(sequence)
    rows = await rows_between(raw, union_id, line.first_sequence, line.last_sequence)
    index = sequence - line.first_sequence
    if account_id not in (rows[index].debit_account, rows[index].credit_account):
        raise TransferNotFound(sequence)
    salt_key = await find_salt_key(raw, union_id)
    if salt_key is None or not line.has_leaves:
        raise ReceiptTooOld(sequence)
    (head,) = await entries_before(raw, union_id, MINOR_MAX, 1)
    return receipt_of(union_id, line, rows, index, salt_key, head)


def _part(objects: list[dict[str, Any]], lines: list[JournalLine], taken: int) -> JournalPart:
    return JournalPart(objects, lines[taken].number if len(lines) > taken else None)
