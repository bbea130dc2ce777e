"""Who was paid by whom among the transfers of an entry: members alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    import asyncpg

_PAID = """
SELECT c.number, c.id, c.owner_id AS payee_id, d.owner_id AS payer_id, count(*) AS times
FROM transfers t
JOIN accounts d ON d.union_id = t.union_id AND d.number = t.debit_number
JOIN accounts c ON c.union_id = t.union_id AND c.number = t.credit_number
WHERE t.union_id = $1 AND t.sequence BETWEEN $2 AND $3 AND d.kind = 'member' AND c.kind = 'member'
  AND (c.number, d.owner_id) > ($4, $5)
GROUP BY c.number, c.id, c.owner_id, d.owner_id ORDER BY c.number, d.owner_id LIMIT $6
"""

FIRST_PAID = (0, UUID(int=0))
"""Before every (payee's number, payer)."""


class Paid(NamedTuple):
    """A payee, by their account, and who paid them."""

    payee_number: int
    account_id: UUID
    payee_id: UUID
    payer_id: UUID


async def paid_between(
    raw: asyncpg.Connection, union_id: UUID, first: int, last: int, after: tuple[int, UUID], limit: int
) -> Sequence[tuple[Paid, int]]:
    """With how often, among the transfers of these sequence numbers; in the order of payees."""
    rows = await raw.fetch(_PAID, union_id, first, last, *after, limit)
    return [(Paid(row["number"], row["id"], row["payee_id"], row["payer_id"]), row["times"]) for row in rows]
