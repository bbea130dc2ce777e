"""Targets of growth: so many members by a day, set by who admits, shown to everybody as counts are."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.admission.domain.growth_target import GrowthTarget, TargetState
from services.identity.admission.use_cases.set_growth_target import (
    read_targets,
    set_growth_target,
    take_back_target,
)
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined

router = APIRouter(
    prefix="/v1/unions/{union}/growth-targets", route_class=TransactionRoute, tags=["admission"]
)

MEMBERS_MAX = 2**31 - 1


class GrowthTargetBody(BaseModel):
    """So many members by the end of a day of UTC."""

    model_config = ConfigDict(extra="forbid")

    members: Annotated[int, Field(ge=1, le=MEMBERS_MAX, examples=[100])]
    due_on: date


class GrowthTargetView(BaseModel):
    """States: open, reached, missed, withdrawn; judged when the day is over. `began_count`: members when it
    was set; `members_count`: now, or at its end."""

    id: UUID
    members: int
    due_on: date
    state: str = Field(examples=["open"])
    began_count: int
    members_count: int
    set_at: datetime
    ended_at: datetime | None


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_growth_targets(
    union: UnionOfPath, unit: Unit, page: Paging, state: Annotated[TargetState | None, Query()] = None
) -> Page[GrowthTargetView]:
    """The newest first, with how far each is; all, or those in a state."""
    members, rows = await read_targets(unit, union, state, page.after_id, page.limit)
    return page.page_by_id(rows, lambda row: _view(row, members), lambda row: row.id)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_growth_target(
    union: UnionOfPath,
    body: GrowthTargetBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> GrowthTargetView:
    """Set one. A signed act of who admits."""
    made = await set_growth_target(
        unit, identity.settings, claims.member_id, union, body.members, body.due_on
    )
    response.headers["Location"] = f"/v1/unions/{made.union_id}/growth-targets"
    return _view(made, made.began_count)


@router.delete("/{target}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_growth_target(
    union: UnionOfPath, target: UUID, unit: Unit, claims: SignedIn, _: Act
) -> GrowthTargetView:
    """Take one back that is open; it stays in the list. A signed act of who admits."""
    after = await take_back_target(unit, claims.member_id, union, target)
    return _view(after, after.began_count)


def _view(target: GrowthTarget, members: int) -> GrowthTargetView:
    return GrowthTargetView(
        id=target.id,
        members=target.members,
        due_on=target.due_on,
        state=target.state.value,
        began_count=target.began_count,
        members_count=members if target.ended_count is None else target.ended_count,
        set_at=target.set_at,
        ended_at=target.ended_at,
    )
