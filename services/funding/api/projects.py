"""Projects: proposed by a member, paid out or refunded by money and deadline alone."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.fields import CleanText, Line
from chassis.membership import ActiveMember
from chassis.money import Money, MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.funding.domain.errors import ProjectNotFound
from services.funding.domain.projects import Project, ProjectState
from services.funding.settings import FundingSettings
from services.funding.store.projects import fetch_project, list_projects
from services.funding.use_cases.propose_project import ProjectDraft, propose_project

router = APIRouter(prefix="/v1/unions/{union}/projects", tags=["funding"], route_class=TransactionRoute)


class ProjectBody(BaseModel):
    """What to fund, with how much, until when."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[Line, Field(examples=["A kiln for the potters"])]
    description: Annotated[CleanText, Field(examples=["Second hand, with a year of warranty."])] = ""
    target: MoneyBody
    deadline_at: Annotated[
        AwareDatetime,
        Field(description="With its offset from UTC.", examples=["2027-06-01T12:00:00Z"]),
    ]


class ProjectView(BaseModel):
    """A project; `pledged` and `pledges_count` are of what is in its escrow."""

    id: UUID
    union_id: UUID
    state: ProjectState
    owner_id: UUID
    title: str
    description: str
    target: MoneyView
    pledged: MoneyView
    pledges_count: int
    unanswered_count: Annotated[int, Field(description="Pledges that wait for the ledger.")]
    deadline_at: datetime
    proposed_at: datetime
    settled_at: datetime | None
    refusal: Annotated[str | None, Field(description="What the ledger said when it last refused to settle.")]

    @classmethod
    def of(cls, project: Project) -> "ProjectView":
        return cls(
            id=project.project_id,
            union_id=project.union_id,
            state=project.state,
            owner_id=project.owner_id,
            title=project.title,
            description=project.description,
            target=Money(project.asset, project.asset_scale, project.target_minor).view(),
            pledged=Money(project.asset, project.asset_scale, project.pledged_minor).view(),
            pledges_count=project.held_count,
            unanswered_count=project.unanswered_count,
            deadline_at=project.deadline_at,
            proposed_at=project.proposed_at,
            settled_at=project.settled_at,
            refusal=project.refusal,
        )


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_project(
    request: Request, response: Response, unit: Unit, member: ActiveMember, body: ProjectBody
) -> ProjectView:
    """Propose a project; target and deadline never change, nor does who proposed it."""
    settings: FundingSettings = request.app.state.chassis.settings
    draft = ProjectDraft(
        title=body.title,
        description=body.description,
        asset=body.target.asset,
        target_minor=body.target.amount_minor(),
        deadline_at=body.deadline_at,
    )
    union = member.union
    project = await propose_project(unit, settings.limits(), union.id, union.token, member.member_id, draft)
    response.headers["Location"] = f"/v1/unions/{union.id}/projects/{project.project_id}"
    return ProjectView.of(project)


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_projects(
    unit: Unit,
    member: ActiveMember,
    paging: Paging,
    state: Annotated[ProjectState | None, Query()] = None,
    mine: Annotated[bool, Query(description="Only the caller's own.")] = False,
) -> Page[ProjectView]:
    """Projects of the union, the newest first."""
    rows = await list_projects(
        unit,
        member.union.id,
        state=state,
        owner_id=member.member_id if mine else None,
        before=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(rows, ProjectView.of, lambda project: project.project_id)


@router.get("/{project}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_project(unit: Unit, member: ActiveMember, project: UUID) -> ProjectView:
    """One project of the union, in any state."""
    found = await fetch_project(unit, member.union.id, project)
    if found is None:
        raise ProjectNotFound(project)
    return ProjectView.of(found)
