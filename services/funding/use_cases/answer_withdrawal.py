"""Take the ledger's answer to a withdrawal: the money is back, or the pledge stays in escrow and counts."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.funding import PledgeWithdrawn
from services.funding.domain import pledges, projects
from services.funding.domain.pledges import Pledge
from services.funding.use_cases.hold_pledge import hold_pledge
from services.funding.use_cases.move_project import move_project


async def answer_withdrawal(unit: UnitOfWork, union_id: UUID, pledge_id: UUID, refusal: str | None) -> Pledge:
    """`refusal` is the ledger's code, None when the money is back. Raises PledgeNotFound."""
    withdrawing, project = await hold_pledge(unit, union_id, pledge_id)
    if refusal is None:
        pledge = pledges.withdraw(withdrawing, unit.now)
        counted = projects.drop_pledge(project)
        unit.publish(
            PledgeWithdrawn(
                union_id=union_id,
                project_id=pledge.project_id,
                pledge_id=pledge_id,
                backer_id=pledge.backer_id,
                asset=pledge.asset,
                withdrawn_minor=pledge.pledged_minor,
                withdrawn_at=unit.now,
            )
        )
    else:
        pledge = pledges.keep(withdrawing, refusal)
        counted = projects.hold_pledge(project, pledge.pledged_minor)
    await move_project(unit, project, projects.settle(counted, unit.now), pledge)
    unit.record_act(
        "ledger_answer",
        f"pledges/{pledge_id}",
        {"state": pledge.state, "refusal": refusal},
        union_id=union_id,
        on_behalf_of=f"member:{pledge.backer_id}",
    )
    return pledge
