"""Withdraw a pledge before the deadline: it counts no more, and its money goes back to its backer."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain import pledges, projects
from services.funding.domain.escrow import pledge_path
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.use_cases.hold_pledge import hold_pledge
from services.funding.use_cases.move_project import move_project

WITHDRAW = "pledge.withdraw"
WITHDRAWN = (PledgeState.WITHDRAWING, PledgeState.WITHDRAWN)


async def withdraw_pledge(unit: UnitOfWork, union_id: UUID, pledge_id: UUID, member_id: UUID) -> Pledge:
    """The pledge waits for the ledger; see answer_withdrawal. Withdrawing again changes nothing.

    Raises PledgeNotFound, NotBacker, PledgeNotHeld, ProjectNotOpen, DeadlinePassed.
    """
    held, before = await hold_pledge(unit, union_id, pledge_id)
    if held.state in WITHDRAWN and held.backer_id == member_id:
        return held
    pledge = pledges.begin_withdrawal(held, member_id)
    after = projects.begin_withdrawal(before, pledge.pledged_minor, unit.now)
    await move_project(unit, before, after, pledge)
    payload = {
        "union_id": union_id,
        "project_id": pledge.project_id,
        "pledge_id": pledge_id,
        "backer_id": pledge.backer_id,
        "asset": pledge.asset,
        "minor": str(pledge.pledged_minor),
    }
    # The project's version makes a withdrawal after a refused one a new transfer.
    await unit.record_intent(
        WITHDRAW, f"{union_id}:{pledge_id}:{after.version}", payload, pledge_path(union_id, pledge_id)
    )
    unit.record_act("backer", f"pledges/{pledge_id}", {"state": pledge.state}, union_id=union_id)
    return pledge
