"""The journal's head and entries. The head's lock is the one lock of all that posts in a union."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.journal import GENESIS_HASH, Head

if TYPE_CHECKING:
    import asyncpg

_OPEN = """
INSERT INTO journal_heads (union_id, number, last_sequence, time, hash) VALUES ($1, 0, 0, NULL, $2)
ON CONFLICT (union_id) DO NOTHING RETURNING true
"""
# A statement of its own: one that waits for a lock keeps the snapshot it began with, and balances have to be
# read after the lock is held.
_LOCK = "SELECT number, last_sequence, time, hash FROM journal_heads WHERE union_id = $1 FOR UPDATE"
_PAGE = """
SELECT number, time, count, last_sequence, digest, previous_hash, hash FROM journal_entries
WHERE union_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3
"""


async def open_journal(raw: asyncpg.Connection, union_id: UUID) -> bool:
    """Begin a union's journal, its head locked; False when it has begun before."""
    return bool(await raw.fetchval(_OPEN, union_id, GENESIS_HASH))


async def lock_head(raw: asyncpg.Connection, union_id: UUID) -> Head | None:
    """Lock and read the head; None when the union has no books yet."""
    row = await raw.fetchrow(_LOCK, union_id)
    if row is None:
        return None
    return Head(row["number"], row["last_sequence"], row["time"], row["hash"])


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An entry as everybody may see it."""

    number: int
    time: datetime
    count: int
    digest: bytes
    previous_hash: bytes
    hash: bytes


async def entries_before(
    raw: asyncpg.Connection, union_id: UUID, number: int, limit: int
) -> Sequence[JournalLine]:
    """Entries with smaller numbers, newest first."""
    rows = await raw.fetch(_PAGE, union_id, number, limit)
    return [
        JournalLine(
            row["number"], row["time"], row["count"], row["digest"], row["previous_hash"], row["hash"]
        )
        for row in rows
    ]
