"""Projects as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.unit_of_work import UnitOfWork
from services.funding.domain.projects import Project, ProjectState
from services.funding.store import tables

PROJECT_COLUMNS = tuple(field.name for field in fields(Project))
_MOVING = (
    "version",
    "state",
    "pledged_minor",
    "held_count",
    "unanswered_count",
    "settled_minor",
    "settled_at",
    "refusal",
    "run_id",
)


def project_changes(first_place: int) -> str:
    """The SET list of a project's moving columns, its parameters numbered from a place."""
    return ", ".join(f"{name} = ${place}" for place, name in enumerate(_MOVING, start=first_place))


def moving_values(project: Project) -> tuple[Any, ...]:
    """The parameters of that list."""
    return tuple(getattr(project, name) for name in _MOVING)


_LOCK_MEMBER = "SELECT pg_advisory_xact_lock(hashtextextended('projects:' || $1::text || $2::text, 0))"
_COUNT_OPEN = "SELECT count(*) FROM projects WHERE union_id = $1 AND owner_id = $2 AND state = 'open'"
_INSERT = f"""
INSERT INTO projects ({", ".join(PROJECT_COLUMNS)})
VALUES ({", ".join(f"${place}" for place in range(1, len(PROJECT_COLUMNS) + 1))})
"""  # noqa: S608
_LOCK = "SELECT * FROM projects WHERE union_id = $1 AND project_id = $2 FOR UPDATE"
_LOCK_BY_RUN = "SELECT * FROM projects WHERE union_id = $1 AND run_id = $2 FOR UPDATE"
_FETCH = "SELECT * FROM projects WHERE union_id = $1 AND project_id = $2"
_SAVE = f"UPDATE projects SET {project_changes(3)} WHERE union_id = $1 AND project_id = $2"  # noqa: S608
_SUMS = """
SELECT
    coalesce(sum(settled_minor) FILTER (WHERE state = 'paid_out' AND settled_at >= $2), 0)
        AS funded_minor,
    count(*) FILTER (WHERE state = 'paid_out' AND settled_at >= $2) AS paid_out_count,
    count(*) FILTER (WHERE state = 'refunded' AND settled_at >= $2) AS refunded_count,
    count(*) FILTER (WHERE state = 'open') AS open_count,
    coalesce(sum(pledged_minor) FILTER (WHERE settled_at IS NULL), 0) AS pledged_minor
FROM projects WHERE union_id = $1 AND (settled_at >= $2 OR settled_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class FundingSums:
    """What a union's funding shows to everybody: sums and counts, no names."""

    funded_minor: int
    paid_out_count: int
    refunded_count: int
    open_count: int
    pledged_minor: int


def project_of(row: Any, prefix: str = "") -> Project:
    """A project from a row whose columns may carry a prefix."""
    values: dict[str, Any] = {name: row[prefix + name] for name in PROJECT_COLUMNS}
    values["state"] = ProjectState(values["state"])
    return Project(**values)


async def count_open_projects(unit: UnitOfWork, union_id: UUID, owner_id: UUID) -> int:
    """How many of the member's projects are open; holds back the member's others until the end."""
    raw = await unit.raw()
    await raw.execute(_LOCK_MEMBER, str(union_id), str(owner_id))
    return int(await raw.fetchval(_COUNT_OPEN, union_id, owner_id) or 0)


async def insert_project(unit: UnitOfWork, project: Project) -> None:
    raw = await unit.raw()
    await raw.execute(_INSERT, *(getattr(project, name) for name in PROJECT_COLUMNS))


async def lock_project(unit: UnitOfWork, union_id: UUID, project_id: UUID) -> Project | None:
    """The project, held until the end: its lock orders all that happens to its pledges."""
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK, union_id, project_id)
    return None if row is None else project_of(row)


async def lock_project_of_run(unit: UnitOfWork, union_id: UUID, run_id: UUID) -> Project | None:
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK_BY_RUN, union_id, run_id)
    return None if row is None else project_of(row)


async def save_project(unit: UnitOfWork, project: Project) -> None:
    raw = await unit.raw()
    await raw.execute(_SAVE, project.union_id, project.project_id, *moving_values(project))


async def fetch_project(unit: UnitOfWork, union_id: UUID, project_id: UUID) -> Project | None:
    raw = await unit.raw()
    row = await raw.fetchrow(_FETCH, union_id, project_id)
    return None if row is None else project_of(row)


async def list_projects(
    unit: UnitOfWork,
    union_id: UUID,
    *,
    state: ProjectState | None,
    owner_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Project]:
    """The newest first; `before` is the id of the last one of the page before."""
    projects = tables.projects
    query = select(projects).where(projects.c.union_id == union_id)
    if state is not None:
        query = query.where(projects.c.state == state)
    if owner_id is not None:
        query = query.where(projects.c.owner_id == owner_id)
    if before is not None:
        query = query.where(projects.c.project_id < before)
    rows = await unit.fetch_all(query.order_by(projects.c.project_id.desc()).limit(limit))
    return [project_of(row) for row in rows]


async def fetch_sums(unit: UnitOfWork, union_id: UUID, month_start: datetime) -> FundingSums:
    raw = await unit.raw()
    row = await raw.fetchrow(_SUMS, union_id, month_start)
    assert row is not None
    return FundingSums(**{name: int(value) for name, value in row.items()})
