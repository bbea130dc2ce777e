"""The journal's head, entries and rows. The head's lock is the one lock of all that posts in a union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.ids import random_bytes
from services.ledger.domain.journal import GENESIS_HASH, Head
from services.ledger.domain.journal_rows import SALT_BYTES, JournalRow, Memo
from services.ledger.domain.proofs import JournalLine
from services.ledger.domain.transfers import NO_PARTICULARS, Particulars

if TYPE_CHECKING:
    import asyncpg

_OPEN = """
INSERT INTO journal_heads (union_id, number, last_sequence, time, hash) VALUES ($1, 0, 0, NULL, $2)
ON CONFLICT (union_id) DO NOTHING RETURNING true
"""
# A statement of its own: one that waits for a lock keeps the snapshot it began with, and balances have to be
# read after the lock is held.
_LOCK = """
SELECT h.number, h.last_sequence, h.time, h.hash, k.salt_key, h.union_number
FROM journal_heads h LEFT JOIN journal_keys k ON k.union_id = h.union_id
WHERE h.union_id = $1 FOR UPDATE OF h
"""
_KEEP_KEY = "INSERT INTO journal_keys (union_id, salt_key) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_KEY = "SELECT salt_key FROM journal_keys WHERE union_id = $1"
_LINES = """
SELECT number, format, time, count, last_sequence, digest, supply, previous_hash, hash FROM journal_entries
WHERE union_id = $1 AND {which}
"""
_PAGE = _LINES.format(which="number < $2 ORDER BY number DESC LIMIT $3")
_FROM = _LINES.format(which="number >= $2 ORDER BY number LIMIT $3")
_ENTRY_OF = _LINES.format(
    which="number = (SELECT entry_number FROM transfers WHERE union_id = $1 AND sequence = $2)"
)
_ROWS = """
SELECT t.sequence, t.id, t.principal_id, d.id AS debit_account, c.id AS credit_account, d.asset,
       t.amount_minor, t.code, t.flags, p.timeout_seconds, p.pending_id, p.mandate_id, m.memo, m.salt,
       m.commitment
FROM transfers t
CROSS JOIN LATERAL (SELECT id, asset FROM accounts WHERE union_id = $1 AND number = t.debit_number OFFSET 0) d
CROSS JOIN LATERAL (SELECT id FROM accounts WHERE union_id = $1 AND number = t.credit_number OFFSET 0) c
LEFT JOIN LATERAL (
    SELECT * FROM transfer_particulars WHERE union_id = $1 AND sequence = t.sequence OFFSET 0) p ON true
LEFT JOIN LATERAL (
    SELECT * FROM transfer_memos WHERE union_id = $1 AND sequence = t.sequence OFFSET 0) m ON true
WHERE t.union_id = $1 AND t.sequence BETWEEN $2 AND $3 ORDER BY t.sequence
"""


async def open_journal(raw: asyncpg.Connection, union_id: UUID) -> bool:
    """Begin a union's journal, its head locked; False when it has begun before."""
    return bool(await raw.fetchval(_OPEN, union_id, GENESIS_HASH))


async def lock_head(raw: asyncpg.Connection, union_id: UUID) -> Head | None:
    """Lock and read the head; None when the union has no books yet."""
    row = await raw.fetchrow(_LOCK, union_id)
    if row is None:
        return None
    salt_key: bytes | None = row["salt_key"]
    if salt_key is None:  # new, or last written by a release without salts
        await raw.execute(_KEEP_KEY, union_id, random_bytes(SALT_BYTES))
        salt_key = await find_salt_key(raw, union_id)
        assert salt_key is not None
    return Head(row["number"], row["last_sequence"], row["time"], row["hash"], salt_key, row["union_number"])


async def find_salt_key(raw: asyncpg.Connection, union_id: UUID) -> bytes | None:
    """The key of the salts of the union's rows; None before the first of them has one."""
    key: bytes | None = await raw.fetchval(_KEY, union_id)
    return key


async def entries_before(
    raw: asyncpg.Connection, union_id: UUID, number: int, limit: int
) -> list[JournalLine]:
    """Entries with smaller numbers, newest first."""
    return [JournalLine(*row) for row in await raw.fetch(_PAGE, union_id, number, limit)]


async def entries_from(raw: asyncpg.Connection, union_id: UUID, number: int, limit: int) -> list[JournalLine]:
    """Entries from this number on, in order."""
    return [JournalLine(*row) for row in await raw.fetch(_FROM, union_id, number, limit)]


async def entry_of(raw: asyncpg.Connection, union_id: UUID, sequence: int) -> JournalLine | None:
    """The entry that the transfer is in."""
    row = await raw.fetchrow(_ENTRY_OF, union_id, sequence)
    return None if row is None else JournalLine(*row)


async def rows_between(raw: asyncpg.Connection, union_id: UUID, first: int, last: int) -> list[JournalRow]:
    """The transfers of these sequence numbers, in order, as they were hashed."""
    return [_row_of(row) for row in await raw.fetch(_ROWS, union_id, first, last)]


def _row_of(row: Any) -> JournalRow:
    particulars = Particulars(row["timeout_seconds"], row["pending_id"], row["mandate_id"])
    commitment: bytes | None = row["commitment"]
    return JournalRow(
        sequence=row["sequence"],
        id=row["id"],
        principal_id=row["principal_id"],
        debit_account=row["debit_account"],
        credit_account=row["credit_account"],
        asset=row["asset"],
        amount_minor=row["amount_minor"],
        code=row["code"],
        flags=row["flags"],
        particulars=None if particulars == NO_PARTICULARS else particulars,
        memo=None if commitment is None else Memo(row["memo"], row["salt"], commitment),
    )
