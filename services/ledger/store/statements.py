"""An account's statement: its transfers from the newest back, along the chain that each row carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.rights import Code
from services.ledger.domain.statements import StatementLine

if TYPE_CHECKING:
    import asyncpg

# Each row names the account's row before it, so that no index over accounts is needed. OFFSET 0 has every row
# looked up by its key: of a union that is new in a large table the planner thinks that it has hardly any row,
# and would rather read them all.
_WALK = """
WITH RECURSIVE walk AS (
    SELECT t.*, 1 AS depth FROM transfer_rows t
    WHERE t.union_number = (SELECT union_number FROM journal_heads WHERE union_id = $1) AND t.sequence = $3
      AND $2 IN (t.debit_number, t.credit_number)
    UNION ALL
    SELECT t.*, walk.depth + 1
    FROM walk CROSS JOIN LATERAL (
        SELECT * FROM transfer_rows WHERE union_number = walk.union_number AND sequence =
            CASE WHEN walk.debit_number = $2 THEN walk.debit_previous ELSE walk.credit_previous END
        OFFSET 0) t
    WHERE walk.depth < $4
)
SELECT walk.sequence, walk.id, walk.entry_number, walk.code, walk.amount_minor, walk.debit_number,
       walk.debit_previous, walk.credit_previous, e.time, m.memo,
       other.id AS other_id, other.kind AS other_kind, other.owner_id AS other_owner_id,
       other.resource AS other_resource
FROM walk
CROSS JOIN LATERAL (
    SELECT time FROM journal_entries WHERE union_id = $1 AND number = walk.entry_number OFFSET 0) e
CROSS JOIN LATERAL (
    SELECT id, kind, owner_id, resource FROM accounts WHERE union_id = $1 AND number =
        CASE WHEN walk.debit_number = $2 THEN walk.credit_number ELSE walk.debit_number END
    OFFSET 0) other
LEFT JOIN LATERAL (
    SELECT memo FROM transfer_memos WHERE union_id = $1 AND sequence = walk.sequence OFFSET 0) m ON true
ORDER BY walk.sequence DESC
"""


async def lines_from(
    raw: asyncpg.Connection, union_id: UUID, account_number: int, sequence: int, limit: int
) -> Sequence[StatementLine]:
    """At most `limit` lines, newest first, from the row at `sequence` on; none when it is another's."""
    rows = await raw.fetch(_WALK, union_id, account_number, sequence, limit)
    lines: list[StatementLine] = []
    for row in rows:
        debited = row["debit_number"] == account_number
        lines.append(
            StatementLine(
                sequence=row["sequence"],
                id=row["id"],
                entry_number=row["entry_number"],
                time=row["time"],
                code=Code(row["code"]).word,
                amount_minor=-row["amount_minor"] if debited else row["amount_minor"],
                previous=row["debit_previous"] if debited else row["credit_previous"],
                memo=row["memo"],
                other_account=row["other_id"],
                other_kind=row["other_kind"],
                other_owner_id=row["other_owner_id"],
                other_resource=row["other_resource"],
            )
        )
    return lines
