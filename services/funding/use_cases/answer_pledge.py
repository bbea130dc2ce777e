"""Take the ledger's answer to a pledge: it is in escrow, or refused; then see whether the project settles."""

from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.funding import FundingNotice, PledgeMade
from services.funding.domain import pledges, projects
from services.funding.domain.pledges import Pledge
from services.funding.use_cases.hold_pledge import hold_pledge
from services.funding.use_cases.move_project import move_project


async def answer_pledge(unit: UnitOfWork, union_id: UUID, pledge_id: UUID, refusal: str | None) -> Pledge:
    """`refusal` is the ledger's code, None when the amount is in escrow. Raises PledgeNotFound."""
    waiting, project = await hold_pledge(unit, union_id, pledge_id)
    if refusal is None:
        pledge = pledges.hold(waiting, unit.now)
        counted = projects.hold_pledge(project, pledge.pledged_minor)
        unit.publish(
            PledgeMade(
                union_id=union_id,
                project_id=pledge.project_id,
                pledge_id=pledge_id,
                backer_id=pledge.backer_id,
                asset=pledge.asset,
                pledged_minor=pledge.pledged_minor,
                pledged_at=pledge.pledged_at,
            )
        )
        tell(
            unit,
            FundingNotice(
                notice_id=unit.ids.new(),
                requested_at=unit.now,
                union_id=union_id,
                member_id=project.owner_id,
                kind="pledge.made",
                subject="projects",
                subject_id=project.project_id,
                actor_id=pledge.backer_id,
            ),
        )
    else:
        pledge = pledges.refuse(waiting, refusal, unit.now)
        counted = projects.drop_pledge(project)
    await move_project(unit, project, projects.settle(counted, unit.now), pledge)
    unit.record_act(
        "ledger_answer",
        f"pledges/{pledge_id}",
        {"state": pledge.state, "refusal": refusal},
        union_id=union_id,
        on_behalf_of=f"member:{pledge.backer_id}",
    )
    return pledge
