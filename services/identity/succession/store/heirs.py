"""Heirs as rows, one of a union at most; and successions, which stay."""

from collections.abc import Sequence
from dataclasses import astuple
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.succession.domain.heir import Heir, Succession, Way

_ONE = """
SELECT union_id, member_id, named_by, named_at, agreed_at, claimed_at, due_at, rests_until FROM heirs
WHERE union_id = $1
"""
_SAVE = """
INSERT INTO heirs (union_id, member_id, named_by, named_at, agreed_at, claimed_at, due_at, rests_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (union_id) DO UPDATE
SET member_id = excluded.member_id, named_by = excluded.named_by, named_at = excluded.named_at,
    agreed_at = excluded.agreed_at, claimed_at = excluded.claimed_at, due_at = excluded.due_at,
    rests_until = excluded.rests_until
"""
_ADD_SUCCESSION = """
INSERT INTO successions (union_id, id, from_id, to_id, way, passed_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_SUCCESSIONS = """
SELECT union_id, id, from_id, to_id, way, passed_at FROM successions
WHERE union_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""


async def heir_of(unit: UnitOfWork, union_id: UUID) -> Heir | None:
    """Changed under the union's lock alone."""
    row = await (await unit.raw()).fetchrow(_ONE, union_id)
    return None if row is None else Heir(*row.values())


async def save_heir(unit: UnitOfWork, heir: Heir) -> None:
    """In the place of whoever was it."""
    await (await unit.raw()).execute(_SAVE, *astuple(heir))


async def remove_heir(unit: UnitOfWork, union_id: UUID) -> None:
    await (await unit.raw()).execute("DELETE FROM heirs WHERE union_id = $1", union_id)


async def add_succession(unit: UnitOfWork, passed: Succession) -> None:
    await (await unit.raw()).execute(_ADD_SUCCESSION, *astuple(passed))


async def list_successions(
    unit: UnitOfWork, union_id: UUID, before_id: UUID | None, limit: int
) -> Sequence[Succession]:
    """The newest first; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_SUCCESSIONS, union_id, before_id, limit + 1)
    return [
        Succession(
            row["union_id"], row["id"], row["from_id"], row["to_id"], Way(row["way"]), row["passed_at"]
        )
        for row in rows
    ]
