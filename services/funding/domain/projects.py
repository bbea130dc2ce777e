"""A project: something proposed for funding, all or nothing, decided by the money and the deadline alone.

    open -> reached (no more pledges; waits for every unanswered one) -> paying -> paid_out
      `---- deadline missed -> refunding -> refunded

`settle` is the only way out of open and reached: nobody pays out or refunds by hand.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.funding.domain.errors import (
    DeadlinePassed,
    DebitMismatch,
    OwnProject,
    ProjectNotOpen,
    SettlementNotWaiting,
)


class ProjectState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    PAYING = "paying"
    PAID_OUT = "paid_out"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Project:
    """`pledged_minor` and `held_count` are of the pledges in escrow; `unanswered_count` of those whose
    way in or out the ledger has not answered yet. `refusal` is what it last said against settling;
    `run_id` is the ledger run that refunds the pledges.
    """

    union_id: UUID
    project_id: UUID
    version: int
    state: ProjectState
    owner_id: UUID
    title: str
    description: str
    asset: str
    asset_scale: int
    target_minor: int
    deadline_at: datetime
    proposed_at: datetime
    pledged_minor: int = 0
    held_count: int = 0
    unanswered_count: int = 0
    settled_minor: int | None = None
    settled_at: datetime | None = None
    refusal: str | None = None
    run_id: UUID | None = None


def resource(project_id: UUID) -> str:
    """The name by which a signed debit and the ledger know the project's escrow."""
    return f"projects/{project_id}"


def check_debit(project: Project, asset: str, to: str) -> None:
    """A pledge is in the project's asset and goes to its escrow; raises DebitMismatch."""
    for field, value, expected in (
        ("asset", asset, project.asset),
        ("to", to, resource(project.project_id)),
    ):
        if value != expected:
            raise DebitMismatch(field, value, expected)


def begin_pledge(project: Project, backer_id: UUID, now: datetime) -> Project:
    """Raises OwnProject, ProjectNotOpen, DeadlinePassed."""
    if backer_id == project.owner_id:
        raise OwnProject(project.project_id)
    _require_open(project, now)
    return _counted(project, unanswered=1)


def hold_pledge(project: Project, pledged_minor: int) -> Project:
    """The pledge is in escrow."""
    return _counted(project, unanswered=-1, held=1, pledged_minor=pledged_minor)


def drop_pledge(project: Project) -> Project:
    """The ledger refused the pledge, or a withdrawn one is back with its backer."""
    return _counted(project, unanswered=-1)


def begin_withdrawal(project: Project, pledged_minor: int, now: datetime) -> Project:
    """A pledge on its way out counts no more; raises ProjectNotOpen, DeadlinePassed."""
    _require_open(project, now)
    return _counted(project, unanswered=1, held=-1, pledged_minor=-pledged_minor)


def settle(project: Project, now: datetime) -> Project:
    """What money and time decide: the same project when it has to go on waiting.

    Pledges made before the deadline count even when the ledger answers after it, so an open project is
    decided only when none is unanswered. To be called after every change and at the deadline.
    """
    settled = project
    if settled.state is ProjectState.OPEN and settled.pledged_minor >= settled.target_minor:
        settled = _moved(settled, ProjectState.REACHED)
    if settled.unanswered_count:
        return settled
    if settled.state is ProjectState.REACHED:
        return _moved(settled, ProjectState.PAYING)
    if settled.state is ProjectState.OPEN and now >= settled.deadline_at:
        if settled.held_count:
            return _moved(settled, ProjectState.REFUNDING)
        return replace(_moved(settled, ProjectState.REFUNDED), settled_minor=0, settled_at=now)
    return settled


def settlement_posted(project: Project, now: datetime) -> Project:
    """The escrow was emptied: to the owner, or back to every backer."""
    _require_settling(project)
    paid = project.state is ProjectState.PAYING
    moved = _moved(project, ProjectState.PAID_OUT if paid else ProjectState.REFUNDED)
    return replace(moved, settled_minor=project.pledged_minor, settled_at=now, refusal=None)


def settlement_refused(project: Project, refusal: str) -> Project:
    """The ledger refused to empty the escrow: the project waits, shows why, and is tried again."""
    _require_settling(project)
    return replace(_moved(project, project.state), refusal=refusal)


def _require_settling(project: Project) -> None:
    if project.state not in {ProjectState.PAYING, ProjectState.REFUNDING}:
        raise SettlementNotWaiting(project.project_id, project.state)


def _require_open(project: Project, now: datetime) -> None:
    if project.state is not ProjectState.OPEN:
        raise ProjectNotOpen(project.project_id, project.state)
    if now >= project.deadline_at:
        raise DeadlinePassed(project.project_id, project.deadline_at)


def _counted(project: Project, *, unanswered: int, held: int = 0, pledged_minor: int = 0) -> Project:
    return replace(
        project,
        version=project.version + 1,
        unanswered_count=project.unanswered_count + unanswered,
        held_count=project.held_count + held,
        pledged_minor=project.pledged_minor + pledged_minor,
    )


def _moved(project: Project, state: ProjectState) -> Project:
    return replace(project, state=state, version=project.version + 1)
