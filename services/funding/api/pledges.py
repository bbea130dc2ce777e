"""Pledges: made by a signed act, withdrawn by their backer until the deadline."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, MembershipOfCaller
from chassis.money import DebitBody, Money, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.signatures import ForwardedAct
from services.funding.domain.errors import PledgeNotFound, ProjectNotFound
from services.funding.domain.escrow import pledge_path
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.settings import FundingSettings
from services.funding.store.pledges import fetch_pledge, list_pledges
from services.funding.store.projects import fetch_project
from services.funding.use_cases.make_pledge import PledgeDraft, make_pledge
from services.funding.use_cases.withdraw_pledge import withdraw_pledge

router = APIRouter(prefix="/v1/unions/{union}", tags=["funding"], route_class=TransactionRoute)


class PledgeBody(BaseModel):
    """The debit is the pledge, to `projects/<project id>`: the ledger checks it itself."""

    model_config = ConfigDict(extra="forbid")

    debit: DebitBody


class PledgeView(BaseModel):
    """A pledge; `refusal` is what the ledger said when it refused the pledge or its withdrawal."""

    id: UUID
    union_id: UUID
    project_id: UUID
    backer_id: UUID
    state: PledgeState
    amount: MoneyView
    pledged_at: datetime
    answered_at: datetime | None
    refusal: Annotated[str | None, Field(examples=["insufficient_funds"])]

    @classmethod
    def of(cls, pledge: Pledge) -> "PledgeView":
        return cls(
            id=pledge.pledge_id,
            union_id=pledge.union_id,
            project_id=pledge.project_id,
            backer_id=pledge.backer_id,
            state=pledge.state,
            amount=Money(pledge.asset, pledge.asset_scale, pledge.pledged_minor).view(),
            pledged_at=pledge.pledged_at,
            answered_at=pledge.answered_at,
            refusal=pledge.refusal,
        )


@router.post(
    "/projects/{project}/pledges",
    status_code=201,
    responses={
        202: {"model": PledgeView, "description": "Taken; the ledger has not answered yet."},
        **problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def post_pledge(
    request: Request,
    response: Response,
    unit: Unit,
    member: ActiveMember,
    act: Act,
    project: UUID,
    body: PledgeBody,
) -> PledgeView:
    """Pledge to an open project: the amount goes into its escrow."""
    settings: FundingSettings = request.app.state.chassis.settings
    draft = PledgeDraft(
        asset=body.debit.asset,
        amount_minor=body.debit.amount_minor(),
        to=body.debit.to,
        forwarded_act=ForwardedAct.of(act).to_json(),
    )
    union_id = member.union.id
    pledge = await make_pledge(unit, settings.limits(), union_id, project, member.member_id, draft)
    response.headers["Location"] = pledge_path(union_id, pledge.pledge_id)
    return PledgeView.of(pledge)


@router.get("/projects/{project}/pledges", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_pledges(
    unit: Unit,
    member: ActiveMember,
    paging: Paging,
    project: UUID,
    state: Annotated[PledgeState | None, Query()] = None,
    mine: Annotated[bool, Query(description="Only the caller's own.")] = False,
) -> Page[PledgeView]:
    """The pledges to a project, the newest first."""
    union_id = member.union.id
    if await fetch_project(unit, union_id, project) is None:
        raise ProjectNotFound(project)
    rows = await list_pledges(
        unit,
        union_id,
        project,
        backer_id=member.member_id if mine else None,
        state=state,
        before=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(rows, PledgeView.of, lambda pledge: pledge.pledge_id)


@router.get("/pledges/{pledge}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_pledge(unit: Unit, member: MembershipOfCaller, pledge: UUID) -> PledgeView:
    """A pledge: a member who has left still sees their own."""
    found = await fetch_pledge(unit, member.union.id, pledge)
    if found is None or not (member.is_active or found.backer_id == member.member_id):
        raise PledgeNotFound(pledge)
    return PledgeView.of(found)


@router.delete(
    "/pledges/{pledge}",
    responses={
        202: {"model": PledgeView, "description": "Withdrawn; the ledger has not returned the money yet."},
        **problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def delete_pledge(unit: Unit, member: MembershipOfCaller, act: Act, pledge: UUID) -> PledgeView:
    """Withdraw a pledge that is in escrow, until the project's deadline."""
    return PledgeView.of(await withdraw_pledge(unit, member.union.id, pledge, member.member_id))
