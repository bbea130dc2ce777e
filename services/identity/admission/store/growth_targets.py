"""Targets of growth: the open ones of a union and those that are over."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.growth_target import GrowthTarget, TargetState

_SELECT = """
SELECT union_id, id, members, due_on, set_by, set_at, began_count, state, ended_at, ended_count
FROM growth_targets WHERE union_id = $1
"""


async def add_target(unit: UnitOfWork, target: GrowthTarget) -> None:
    await (await unit.raw()).execute(
        """
        INSERT INTO growth_targets (union_id, id, members, due_on, set_by, set_at, began_count, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        target.union_id,
        target.id,
        target.members,
        target.due_on,
        target.set_by,
        target.set_at,
        target.began_count,
        target.state.value,
    )


async def save_target(unit: UnitOfWork, target: GrowthTarget) -> None:
    await (await unit.raw()).execute(
        """
        UPDATE growth_targets SET state = $3, ended_at = $4, ended_count = $5
        WHERE union_id = $1 AND id = $2
        """,
        target.union_id,
        target.id,
        target.state.value,
        target.ended_at,
        target.ended_count,
    )


async def lock_target(unit: UnitOfWork, union_id: UUID, target_id: UUID) -> GrowthTarget | None:
    row = await (await unit.raw()).fetchrow(f"{_SELECT} AND id = $2 FOR UPDATE", union_id, target_id)
    return None if row is None else _target(row)


async def count_open(unit: UnitOfWork, union_id: UUID) -> int:
    query = "SELECT count(*) FROM growth_targets WHERE union_id = $1 AND state = 'open'"
    return await (await unit.raw()).fetchval(query, union_id) or 0


async def targets_of(
    unit: UnitOfWork, union_id: UUID, state: TargetState | None, after: UUID | None, limit: int
) -> Sequence[GrowthTarget]:
    """The newest first, one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(
        f"{_SELECT} AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) "
        "ORDER BY id DESC LIMIT $4",
        union_id,
        None if state is None else state.value,
        after,
        limit + 1,
    )
    return [_target(row) for row in rows]


def _target(row: asyncpg.Record) -> GrowthTarget:
    union_id, target_id, members, due_on, set_by, set_at, began, state, ended_at, ended = row.values()
    return GrowthTarget(
        union_id, target_id, members, due_on, set_by, set_at, began, TargetState(state), ended_at, ended
    )
