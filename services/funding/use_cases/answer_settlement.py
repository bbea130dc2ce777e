"""Take the ledger's answer to the emptying of a project's escrow: settled, or tried again later."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain import projects
from services.funding.domain.projects import Project, ProjectState
from services.funding.store.projects import lock_project_of_run
from services.funding.use_cases.move_project import hold_project, move_project
from services.funding.use_cases.read_refused_lines import read_refused_lines, settle_again_later


async def answer_payout(
    unit: UnitOfWork, union_id: UUID, project_id: UUID, refusal: str | None, retry_seconds: int
) -> Project:
    """`refusal` is the ledger's code, None when the owner has the money. Raises ProjectNotFound."""
    project = await hold_project(unit, union_id, project_id)
    return await _answer(unit, project, refusal, retry_seconds)


async def answer_refund_chunk(
    unit: UnitOfWork, union_id: UUID, run_id: UUID, refusal: str | None, retry_seconds: int
) -> None:
    """The ledger took a chunk of the run, or refused it; that it is posted is told by the run's event."""
    project = await lock_project_of_run(unit, union_id, run_id)
    if refusal is not None and project is not None and project.state is ProjectState.REFUNDING:
        await _answer(unit, project, refusal, retry_seconds)


async def answer_refund_run(
    unit: UnitOfWork,
    union_id: UUID,
    run_id: UUID,
    *,
    refusal: str | None,
    refused_count: int,
    retry_seconds: int,
) -> None:
    """The run has ended; runs of others, and of tries that were given up, are none of ours."""
    project = await lock_project_of_run(unit, union_id, run_id)
    if project is None or project.state is not ProjectState.REFUNDING:
        return
    if refused_count:
        await read_refused_lines(unit, project)
    else:
        await _answer(unit, project, refusal, retry_seconds)


async def _answer(unit: UnitOfWork, project: Project, refusal: str | None, retry_seconds: int) -> Project:
    if refusal is None:
        after = projects.settlement_posted(project, unit.now)
    else:
        after = projects.settlement_refused(project, refusal)
        await settle_again_later(unit, after, retry_seconds)
    after = await move_project(unit, project, after)
    unit.record_act(
        "ledger_answer",
        f"projects/{project.project_id}",
        {"state": after.state, "refusal": refusal},
        union_id=project.union_id,
    )
    return after
