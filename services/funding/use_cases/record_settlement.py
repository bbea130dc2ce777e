"""Record the intents that empty a project's escrow: one payout, or a run of refunds in chunks.

The lines of a run are frozen in its intents: no pledge changes while its project is refunding.
"""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.intents import intent_id_of
from chassis.unit_of_work import UnitOfWork
from services.funding.domain.escrow import escrow_account_id, project_path
from services.funding.domain.projects import Project, ProjectState
from services.funding.store.pledges import HeldPledge, held_pledges

PAY_OUT = "project.pay_out"
REFUND = "project.refund"
RUN = "project.refund_run"
LINES_PER_CHUNK = 1_000
REFUND_CODE = "pledge_refund"


async def record_settlement(unit: UnitOfWork, project: Project) -> Project:
    """One try per version of the project, so that a new try after a refusal is a new transfer or run."""
    if project.state is ProjectState.PAYING:
        await _record_payout(unit, project)
        return project
    return await _record_refunds(unit, project)


def _key(project: Project) -> str:
    return f"{project.union_id}:{project.project_id}:{project.version}"


async def _record_payout(unit: UnitOfWork, project: Project) -> None:
    payload = {
        "union_id": project.union_id,
        "project_id": project.project_id,
        "owner_id": project.owner_id,
        "asset": project.asset,
        "minor": str(project.pledged_minor),
    }
    await unit.record_intent(
        PAY_OUT, _key(project), payload, project_path(project.union_id, project.project_id)
    )


async def _record_refunds(unit: UnitOfWork, project: Project) -> Project:
    run_id = intent_id_of(RUN, _key(project))
    lines_count, digest = 0, hashlib.sha256()
    async for pledges in _chunks(unit, project):
        lines_count += len(pledges)
        for pledge in pledges:
            digest.update((",".join(_line(project, pledge).values()) + "\n").encode())
    chunk = 0
    async for pledges in _chunks(unit, project):
        payload = {
            "union_id": project.union_id,
            "project_id": project.project_id,
            "run_id": run_id,
            "lines_count": lines_count,
            "lines_sha256": digest.hexdigest(),
            "chunk": chunk,
            "lines": [_line(project, pledge) for pledge in pledges],
        }
        path = project_path(project.union_id, project.project_id)
        await unit.record_intent(REFUND, f"{_key(project)}:{chunk}", payload, path)
        chunk += 1
    return replace(project, run_id=run_id)


def _line(project: Project, pledge: HeldPledge) -> dict[str, str]:
    """A transfer back to the backer, its fields in the order in which the ledger hashes them."""
    return {
        "debit_account": str(escrow_account_id(project.union_id, project.project_id)),
        "credit_account": f"members/{pledge.backer_id}",
        "asset": pledge.asset,
        "minor": str(pledge.pledged_minor),
        "code": REFUND_CODE,
    }


async def _chunks(unit: UnitOfWork, project: Project) -> AsyncGenerator[Sequence[HeldPledge]]:
    after: UUID | None = None
    while True:
        pledges = await held_pledges(unit, project.union_id, project.project_id, after, LINES_PER_CHUNK)
        if pledges:
            yield pledges
        if len(pledges) < LINES_PER_CHUNK:
            return
        after = pledges[-1].pledge_id
