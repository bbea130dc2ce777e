"""Propose a project: a target and a deadline; who proposed it never changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.money import Asset
from chassis.unit_of_work import UnitOfWork
from services.funding.domain import limits
from services.funding.domain.limits import FundingLimits
from services.funding.domain.projects import Project, ProjectState
from services.funding.store.projects import count_open_projects, insert_project
from services.funding.use_cases.move_project import DEADLINE, publish_project, timer_key


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """What the member wrote."""

    title: str
    description: str
    asset: str
    target_minor: int
    deadline_at: datetime


async def propose_project(
    unit: UnitOfWork, bounds: FundingLimits, union_id: UUID, token: Asset, owner_id: UUID, draft: ProjectDraft
) -> Project:
    """Raises WrongAsset, OutOfBounds, TooManyOpenProjects."""
    limits.check_asset(draft.asset, token.symbol)
    runs_for = draft.deadline_at - unit.now
    limits.check_project(bounds, draft.title, draft.description, draft.target_minor, runs_for)
    limits.check_open_projects(bounds, await count_open_projects(unit, union_id, owner_id))
    project = Project(
        union_id=union_id,
        project_id=unit.ids.new(),
        version=1,
        state=ProjectState.OPEN,
        owner_id=owner_id,
        title=draft.title,
        description=draft.description,
        asset=token.symbol,
        asset_scale=token.scale,
        target_minor=draft.target_minor,
        deadline_at=draft.deadline_at,
        proposed_at=unit.now,
    )
    await insert_project(unit, project)
    await unit.set_timer(
        DEADLINE,
        timer_key(project),
        project.deadline_at,
        {"union_id": str(union_id), "project_id": str(project.project_id)},
    )
    publish_project(unit, project)
    unit.record_act(
        "active_member",
        f"projects/{project.project_id}",
        {"target_minor": project.target_minor, "deadline_at": project.deadline_at},
        union_id=union_id,
    )
    return project
