"""Who is an operator, and was: each change a row, of which a member's newest holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork

_PRESENT = """
SELECT c.member_id, m.handle, c.changed_at, c.because
FROM operator_changes c JOIN members m ON m.id = c.member_id
WHERE c.is_operator AND m.erasing_since IS NULL AND NOT EXISTS (
    SELECT FROM operator_changes l WHERE l.member_id = c.member_id AND l.number > c.number)
"""
_IS = f"SELECT EXISTS ({_PRESENT} AND c.member_id = $1)"
_LISTED = f"{_PRESENT} AND ($1::uuid IS NULL OR c.member_id > $1) ORDER BY c.member_id LIMIT $2"
_CHANGE = """
INSERT INTO operator_changes (member_id, number, is_operator, because, changed_at)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4 FROM operator_changes WHERE member_id = $1
"""


@dataclass(frozen=True, slots=True)
class HouseOperator:
    """`because`: what was said on the machine, for those who read there."""

    member_id: UUID
    handle: str
    since: datetime
    because: str


async def is_operator(unit: UnitOfWork, member_id: UUID) -> bool:
    return bool(await (await unit.raw()).fetchval(_IS, member_id))


async def hold_operator(unit: UnitOfWork, member_id: UUID) -> bool:
    """Whether they are one, and stay it until the commit."""
    await (await unit.raw()).execute("SELECT FROM members WHERE id = $1 FOR SHARE", member_id)
    return await is_operator(unit, member_id)


async def list_operators(unit: UnitOfWork, after: UUID | None, limit: int) -> Sequence[HouseOperator]:
    """By id of their members; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_LISTED, after, limit + 1)
    return [HouseOperator(*row.values()) for row in rows]


async def add_change(unit: UnitOfWork, member_id: UUID, *, is_operator: bool, because: str) -> None:
    """The next of the member, who is held."""
    await (await unit.raw()).execute(_CHANGE, member_id, is_operator, because, unit.now)
