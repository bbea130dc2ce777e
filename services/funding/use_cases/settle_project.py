"""Settle a project whose deadline has passed: refund it, unless pledges are still unanswered."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain import projects
from services.funding.use_cases.move_project import hold_project, move_project


async def settle_project(unit: UnitOfWork, union_id: UUID, project_id: UUID) -> None:
    """Where a pledge is unanswered, its answer settles the project. Raises ProjectNotFound."""
    before = await hold_project(unit, union_id, project_id)
    after = projects.settle(before, unit.now)
    if after is before:
        return
    await move_project(unit, before, after)
    unit.record_act("deadline", f"projects/{project_id}", {"state": after.state}, union_id=union_id)
