"""Keep a project's new state with all that follows from it: its event, its payout or its refunds."""

from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.funding import FundingNotice, ProjectPaid, ProjectRefunded
from events.funding import ProjectState as ProjectStateEvent
from services.funding.domain.errors import ProjectNotFound
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.domain.projects import Project, ProjectState
from services.funding.store.pledges import save_pledge, settle_held_pledges
from services.funding.store.projects import lock_project, save_project
from services.funding.use_cases.record_settlement import record_settlement

DEADLINE = "project.deadline"


def timer_key(project: Project) -> str:
    return f"{project.union_id}:{project.project_id}"


async def hold_project(unit: UnitOfWork, union_id: UUID, project_id: UUID) -> Project:
    """The project, held until the end of the transaction. Raises ProjectNotFound."""
    project = await lock_project(unit, union_id, project_id)
    if project is None:
        raise ProjectNotFound(project_id)
    return project


async def move_project(
    unit: UnitOfWork, before: Project, after: Project, pledge: Pledge | None = None
) -> Project:
    """Save `after`, the pledge that moved it, and what follows; returns it as it was saved."""
    if pledge is None:
        await save_project(unit, after)
    else:
        await save_pledge(unit, pledge, after)
    if before.state is not after.state and after.state in {ProjectState.PAYING, ProjectState.REFUNDING}:
        settling = await record_settlement(unit, after)
        if settling is not after:
            await save_project(unit, settling)
        after = settling
    if before.state is not after.state or before.pledged_minor != after.pledged_minor:
        publish_project(unit, after)
    if before.state is not after.state:
        await _end(unit, after)
    return after


async def _end(unit: UnitOfWork, project: Project) -> None:
    if project.state is ProjectState.PAID_OUT:
        await settle_held_pledges(unit, project.union_id, project.project_id, PledgeState.PAID_OUT)
        unit.publish(
            ProjectPaid(
                union_id=project.union_id,
                project_id=project.project_id,
                owner_id=project.owner_id,
                asset=project.asset,
                paid_minor=project.pledged_minor,
                paid_at=unit.now,
            )
        )
        _tell_owner(unit, project, "project.paid")
    elif project.state is ProjectState.REFUNDED:
        await settle_held_pledges(unit, project.union_id, project.project_id, PledgeState.REFUNDED)
        unit.publish(
            ProjectRefunded(
                union_id=project.union_id,
                project_id=project.project_id,
                asset=project.asset,
                refunded_minor=project.pledged_minor,
                pledges_count=project.held_count,
                refunded_at=unit.now,
            )
        )
        _tell_owner(unit, project, "project.refunded")


def _tell_owner(unit: UnitOfWork, project: Project, kind: str) -> None:
    tell(
        unit,
        FundingNotice(
            notice_id=unit.ids.new(),
            requested_at=unit.now,
            union_id=project.union_id,
            member_id=project.owner_id,
            kind=kind,
            subject="projects",
            subject_id=project.project_id,
        ),
    )


def publish_project(unit: UnitOfWork, project: Project) -> None:
    """Publish its public state: sums and dates, never its texts."""
    unit.publish(
        ProjectStateEvent(
            version=project.version,
            union_id=project.union_id,
            project_id=project.project_id,
            state=project.state,
            owner_id=project.owner_id,
            asset=project.asset,
            pledged_minor=project.pledged_minor,
            target_minor=project.target_minor,
            deadline_at=project.deadline_at,
        )
    )
