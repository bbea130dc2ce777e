"""A run has ended with refused lines: learn which, so that their pledges alone are tried again."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain import projects
from services.funding.domain.escrow import project_path
from services.funding.domain.projects import Project
from services.funding.store.pledges import pledges_at, refund_held_except
from services.funding.store.projects import lock_project_of_run
from services.funding.use_cases.move_project import move_project, timer_key

READ_REFUSED_LINES = "project.read_refused_lines"
SETTLE_AGAIN = "project.settle_again"
LINES_REFUSED = "run_lines_refused"


async def read_refused_lines(unit: UnitOfWork, project: Project) -> None:
    """Record the intent to ask the ledger."""
    payload = {"union_id": project.union_id, "run_id": project.run_id}
    await unit.record_intent(
        READ_REFUSED_LINES,
        f"{project.union_id}:{project.run_id}",
        payload,
        project_path(project.union_id, project.project_id),
    )


async def answer_refused_lines(
    unit: UnitOfWork, union_id: UUID, run_id: UUID, indexes: Collection[int], retry_seconds: int
) -> None:
    """What was posted is refunded; the pledges of the lines at `indexes` wait for another run."""
    project = await lock_project_of_run(unit, union_id, run_id)
    if project is None:
        return
    refused = await pledges_at(unit, union_id, project.project_id, indexes)
    await refund_held_except(unit, union_id, project.project_id, refused)
    after = projects.settlement_refused(project, LINES_REFUSED)
    await settle_again_later(unit, after, retry_seconds)
    await move_project(unit, project, after)
    unit.record_act(
        "ledger_answer",
        f"projects/{project.project_id}",
        {"state": after.state, "refused_lines_count": len(refused)},
        union_id=union_id,
    )


async def settle_again_later(unit: UnitOfWork, project: Project, retry_seconds: int) -> None:
    """Set the timer of the next try."""
    await unit.set_timer(
        SETTLE_AGAIN,
        timer_key(project),
        unit.now + timedelta(seconds=retry_seconds),
        {"union_id": str(project.union_id), "project_id": str(project.project_id)},
    )
