"""Pledges as rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.unit_of_work import UnitOfWork
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.domain.projects import Project
from services.funding.store import tables
from services.funding.store.projects import PROJECT_COLUMNS, moving_values, project_changes, project_of

PLEDGE_COLUMNS = tuple(field.name for field in fields(Pledge))

_FIRST_OF_PROJECT = len(PLEDGE_COLUMNS) + 1
# A pledge never moves without its project: one statement for both.
_SAVE_WITH_PROJECT = f"""
WITH moved AS (
    UPDATE projects SET {project_changes(_FIRST_OF_PROJECT)}
    WHERE union_id = $1 AND project_id = ${PLEDGE_COLUMNS.index("project_id") + 1}
)
INSERT INTO pledges ({", ".join(PLEDGE_COLUMNS)})
VALUES ({", ".join(f"${place}" for place in range(1, _FIRST_OF_PROJECT))})
ON CONFLICT (union_id, pledge_id) DO UPDATE
SET state = excluded.state, answered_at = excluded.answered_at, refusal = excluded.refusal
"""  # noqa: S608
# The project first, always: its lock orders all that happens to its pledges.
_LOCK_WITH_PROJECT = f"""
SELECT l.*, {", ".join(f"p.{name} AS project_{name}" for name in PROJECT_COLUMNS)}
FROM pledges l JOIN projects p ON p.union_id = l.union_id AND p.project_id = l.project_id
WHERE l.union_id = $1 AND l.pledge_id = $2 FOR UPDATE OF p, l
"""  # noqa: S608
_SETTLE_HELD = """
UPDATE pledges SET state = $3 WHERE union_id = $1 AND project_id = $2 AND state = 'held'
"""
_FETCH = "SELECT * FROM pledges WHERE union_id = $1 AND pledge_id = $2"
_HELD_AFTER = """
SELECT pledge_id, backer_id, asset, pledged_minor FROM pledges
WHERE union_id = $1 AND project_id = $2 AND state = 'held' AND ($3::uuid IS NULL OR pledge_id > $3)
ORDER BY pledge_id LIMIT $4
"""
_AT = """
SELECT pledge_id FROM (
    SELECT pledge_id, row_number() OVER (ORDER BY pledge_id) - 1 AS place FROM pledges
    WHERE union_id = $1 AND project_id = $2 AND state = 'held'
) AS held WHERE place = ANY($3::bigint[])
"""
_REFUND_EXCEPT = """
UPDATE pledges SET state = 'refunded'
WHERE union_id = $1 AND project_id = $2 AND state = 'held' AND pledge_id <> ALL($3::uuid[])
"""


@dataclass(frozen=True, slots=True)
class HeldPledge:
    """What a refund needs of a pledge in escrow."""

    pledge_id: UUID
    backer_id: UUID
    asset: str
    pledged_minor: int


def pledge_of(row: Any) -> Pledge:
    values: dict[str, Any] = {name: row[name] for name in PLEDGE_COLUMNS}
    values["state"] = PledgeState(values["state"])
    return Pledge(**values)


async def lock_pledge(unit: UnitOfWork, union_id: UUID, pledge_id: UUID) -> tuple[Pledge, Project] | None:
    """The pledge and its project, both held until the end."""
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK_WITH_PROJECT, union_id, pledge_id)
    return None if row is None else (pledge_of(row), project_of(row, "project_"))


async def save_pledge(unit: UnitOfWork, pledge: Pledge, project: Project) -> None:
    """Insert or change the pledge, and change the project that it counts in."""
    raw = await unit.raw()
    values = (getattr(pledge, name) for name in PLEDGE_COLUMNS)
    await raw.execute(_SAVE_WITH_PROJECT, *values, *moving_values(project))


async def settle_held_pledges(unit: UnitOfWork, union_id: UUID, project_id: UUID, state: PledgeState) -> None:
    """The project is settled: what was in escrow is paid out, or refunded."""
    raw = await unit.raw()
    await raw.execute(_SETTLE_HELD, union_id, project_id, state)


async def fetch_pledge(unit: UnitOfWork, union_id: UUID, pledge_id: UUID) -> Pledge | None:
    raw = await unit.raw()
    row = await raw.fetchrow(_FETCH, union_id, pledge_id)
    return None if row is None else pledge_of(row)


async def list_pledges(
    unit: UnitOfWork,
    union_id: UUID,
    project_id: UUID,
    *,
    backer_id: UUID | None,
    state: PledgeState | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Pledge]:
    """The newest first; only one member's when `backer_id` is given."""
    pledges = tables.pledges
    query = select(pledges).where(pledges.c.union_id == union_id, pledges.c.project_id == project_id)
    if backer_id is not None:
        query = query.where(pledges.c.backer_id == backer_id)
    if state is not None:
        query = query.where(pledges.c.state == state)
    if before is not None:
        query = query.where(pledges.c.pledge_id < before)
    rows = await unit.fetch_all(query.order_by(pledges.c.pledge_id.desc()).limit(limit))
    return [pledge_of(row) for row in rows]


async def held_pledges(
    unit: UnitOfWork, union_id: UUID, project_id: UUID, after: UUID | None, limit: int
) -> Sequence[HeldPledge]:
    """The pledges in escrow in the order of their ids: frozen while the project is refunding."""
    raw = await unit.raw()
    rows = await raw.fetch(_HELD_AFTER, union_id, project_id, after, limit)
    return [HeldPledge(**dict(row)) for row in rows]


async def pledges_at(
    unit: UnitOfWork, union_id: UUID, project_id: UUID, places: Collection[int]
) -> Sequence[UUID]:
    """The ids of the held pledges at these places in the order of their ids, from 0."""
    raw = await unit.raw()
    rows = await raw.fetch(_AT, union_id, project_id, list(places))
    return [row["pledge_id"] for row in rows]


async def refund_held_except(
    unit: UnitOfWork, union_id: UUID, project_id: UUID, kept: Collection[UUID]
) -> None:
    """All held pledges of the project but these are back with their backers."""
    raw = await unit.raw()
    await raw.execute(_REFUND_EXCEPT, union_id, project_id, list(kept))
