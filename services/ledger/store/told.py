"""Who is to be told of the transfers of an entry, and by whose doing: members alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    import asyncpg

_TOLD = """
SELECT own.number, told.kind, own.id, own.owner_id AS member_id, other.owner_id AS actor_id, count(*) AS times
FROM transfers t
JOIN unnest($7::int[], $8::text[], $9::bool[]) AS told (code, kind, is_payer) ON told.code = t.code
JOIN accounts own ON own.union_id = t.union_id
 AND own.number = CASE WHEN told.is_payer THEN t.debit_number ELSE t.credit_number END
JOIN accounts other ON other.union_id = t.union_id
 AND other.number = CASE WHEN told.is_payer THEN t.credit_number ELSE t.debit_number END
WHERE t.union_id = $1 AND t.sequence BETWEEN $2 AND $3 AND own.kind = 'member' AND other.kind = 'member'
  AND (own.number, told.kind, other.owner_id) > ($4, $5, $6)
GROUP BY own.number, told.kind, own.id, own.owner_id, other.owner_id
ORDER BY own.number, told.kind, other.owner_id LIMIT $10
"""


class Told(NamedTuple):
    """A member, by their account, what they are told of, and whose doing it was."""

    number: int
    kind: str
    account_id: UUID
    member_id: UUID
    actor_id: UUID

    @property
    def place(self) -> tuple[int, str, UUID]:
        return (self.number, self.kind, self.actor_id)


FIRST_TOLD = (0, "", UUID(int=0))
"""Before every place."""


async def told_between(
    raw: asyncpg.Connection,
    union_id: UUID,
    first: int,
    last: int,
    after: tuple[int, str, UUID],
    kinds: Sequence[tuple[int, str, bool]],
    limit: int,
) -> Sequence[tuple[Told, int]]:
    """With how often, among the transfers of these sequence numbers, in the order of places.

    `kinds`: by code what is told, and whether the payer is, or the payee.
    """
    codes, words, payers = (list(column) for column in zip(*kinds, strict=True))
    rows = await raw.fetch(_TOLD, union_id, first, last, *after, codes, words, payers, limit)
    return [
        (Told(row["number"], row["kind"], row["id"], row["member_id"], row["actor_id"]), row["times"])
        for row in rows
    ]
