"""Pledge to a project: the backer's signed act lets funding move the amount into the project's escrow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain import limits, projects
from services.funding.domain.escrow import pledge_path
from services.funding.domain.limits import FundingLimits
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.use_cases.move_project import hold_project, move_project

HOLD = "pledge.hold"


@dataclass(frozen=True, slots=True)
class PledgeDraft:
    """What the backer signed, and the act itself as the ledger reads it."""

    asset: str
    amount_minor: int
    to: str
    forwarded_act: Mapping[str, Any]


async def make_pledge(
    unit: UnitOfWork,
    bounds: FundingLimits,
    union_id: UUID,
    project_id: UUID,
    backer_id: UUID,
    draft: PledgeDraft,
) -> Pledge:
    """The pledge waits for the ledger; see answer_pledge.

    Raises OutOfBounds, ProjectNotFound, DebitMismatch, OwnProject, ProjectNotOpen, DeadlinePassed,
    TooManyPledges.
    """
    limits.check_pledge(bounds, draft.amount_minor)
    before = await hold_project(unit, union_id, project_id)
    projects.check_debit(before, draft.asset, draft.to)
    after = projects.begin_pledge(before, backer_id, unit.now)
    limits.check_pledges(bounds, before.held_count + before.unanswered_count)
    pledge = Pledge(
        union_id=union_id,
        pledge_id=unit.ids.new(),
        project_id=project_id,
        backer_id=backer_id,
        state=PledgeState.WAITING,
        asset=before.asset,
        asset_scale=before.asset_scale,
        pledged_minor=draft.amount_minor,
        pledged_at=unit.now,
    )
    await move_project(unit, before, after, pledge)
    payload = {
        "union_id": union_id,
        "project_id": project_id,
        "owner_id": before.owner_id,
        "pledge_id": pledge.pledge_id,
        "backer_id": backer_id,
        "asset": pledge.asset,
        "minor": str(pledge.pledged_minor),
        # The first money opens the escrow; what is opened already stays as it is.
        "open_escrow": before.held_count == 0,
        "act": draft.forwarded_act,
    }
    await unit.record_intent(
        HOLD, f"{union_id}:{pledge.pledge_id}", payload, pledge_path(union_id, pledge.pledge_id)
    )
    unit.record_act(
        "active_member",
        f"pledges/{pledge.pledge_id}",
        {"project_id": project_id, "pledged_minor": pledge.pledged_minor},
        union_id=union_id,
    )
    return pledge
