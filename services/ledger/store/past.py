"""What an account was at a past moment: today's balance less what came after, and the holds of that time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.pending import Pending

if TYPE_CHECKING:
    import asyncpg

# Along the chain of the account's rows, as a statement walks; the last row is the first of that moment.
_AFTER = """
WITH RECURSIVE walk AS (
    SELECT 0 AS depth, $3::bigint AS sequence, 0::numeric AS moved, NULL::timestamptz AS time
    UNION ALL
    SELECT walk.depth + 1,
           CASE WHEN e.time <= $4 THEN 0
                WHEN t.debit_number = $2 THEN t.debit_previous ELSE t.credit_previous END,
           CASE WHEN e.time <= $4 THEN walk.moved
                WHEN t.debit_number = $2 THEN walk.moved - t.amount_minor
                ELSE walk.moved + t.amount_minor END,
           e.time
    FROM walk
    CROSS JOIN LATERAL (
        SELECT * FROM transfers WHERE union_id = $1 AND sequence = walk.sequence OFFSET 0) t
    CROSS JOIN LATERAL (
        SELECT time FROM journal_entries WHERE union_id = $1 AND number = t.entry_number OFFSET 0) e
    WHERE walk.sequence > 0 AND walk.depth < $5
)
SELECT moved::bigint AS moved_minor, sequence FROM walk ORDER BY depth DESC LIMIT 1
"""
_PENDING = """
SELECT coalesce(sum(h.amount_minor), 0)::bigint FROM holds h
CROSS JOIN LATERAL (
    SELECT e.time FROM transfers t JOIN journal_entries e
      ON (e.union_id, e.number) = (t.union_id, t.entry_number)
    WHERE t.union_id = $1 AND t.sequence = h.sequence OFFSET 0) opened
LEFT JOIN LATERAL (
    SELECT e.time FROM transfers t JOIN journal_entries e
      ON (e.union_id, e.number) = (t.union_id, t.entry_number)
    WHERE t.union_id = $1 AND t.sequence = h.closed_sequence OFFSET 0) ended ON true
WHERE h.union_id = $1 AND h.{side} = $2 AND h.expires_at > $3 AND opened.time <= $3
  AND (ended.time IS NULL OR ended.time > $3)
"""
_RESERVED = _PENDING.format(side="debit_number")
_EXPECTED = _PENDING.format(side="credit_number")


async def moved_after(
    raw: asyncpg.Connection,
    union_id: UUID,
    account_number: int,
    last_sequence: int,
    moment: datetime,
    rows_max: int,
) -> int | None:
    """Minor units that came into the account, less what left it, after the moment; None where that is more
    than so many transfers."""
    row = await raw.fetchrow(_AFTER, union_id, account_number, last_sequence, moment, rows_max + 1)
    assert row is not None
    return None if row["sequence"] else row["moved_minor"]


async def pending_at(
    raw: asyncpg.Connection, union_id: UUID, account_number: int, moment: datetime
) -> Pending:
    """What the account's holds, and those for it, reserved at the moment."""
    reserved = await raw.fetchval(_RESERVED, union_id, account_number, moment)
    expected = await raw.fetchval(_EXPECTED, union_id, account_number, moment)
    return Pending(reserved or 0, expected or 0)
