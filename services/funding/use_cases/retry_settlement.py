"""Try again to empty an escrow that the ledger refused to empty; the new try is a new transfer or run."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain.projects import ProjectState
from services.funding.store.projects import save_project
from services.funding.use_cases.move_project import hold_project
from services.funding.use_cases.record_settlement import record_settlement


async def retry_settlement(unit: UnitOfWork, union_id: UUID, project_id: UUID) -> None:
    """Raises ProjectNotFound."""
    project = await hold_project(unit, union_id, project_id)
    if project.refusal is None or project.state not in {ProjectState.PAYING, ProjectState.REFUNDING}:
        return
    await save_project(unit, await record_settlement(unit, project))
