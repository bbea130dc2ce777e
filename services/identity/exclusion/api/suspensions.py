"""Suspensions: a member is out for a time."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberNamed, UnionOfPath
from services.identity.api.joined import Joined
from services.identity.exclusion.api.fields import Ground
from services.identity.exclusion.domain.suspension import Suspension
from services.identity.exclusion.use_cases.read_exclusions import read_suspensions
from services.identity.exclusion.use_cases.suspend_member import lift_suspension, suspend_member

router = APIRouter(prefix="/v1/unions/{union}/suspensions", route_class=TransactionRoute, tags=["exclusion"])


class SuspensionBody(BaseModel):
    """Whom to suspend, why, and for how long."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    ground: Ground
    lasts_seconds: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[604_800])]


class SuspensionView(BaseModel):
    """By whom, why, and until when: `runs` while the member is out by it."""

    id: UUID
    union_id: UUID
    member_id: UUID
    ordered_by: UUID
    ground: str
    began_at: datetime
    ends_at: datetime
    lifted_at: datetime | None
    lifted_by: UUID | None
    runs: bool


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_suspension(
    union: UnionOfPath,
    body: SuspensionBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> SuspensionView:
    """Suspend a member: they keep the exit rights, and come back by themselves. A signed act."""
    identity.wake_revocations_after(unit)
    suspension = await suspend_member(
        unit, identity.settings, claims.member_id, union, body.member, body.ground, body.lasts_seconds
    )
    response.headers["Location"] = f"/v1/unions/{suspension.union_id}/suspensions/{suspension.id}"
    return _view(suspension, unit.now)


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_suspensions(
    union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[SuspensionView]:
    """The newest first: officers see all, a member their own."""
    rows = await read_suspensions(unit, claims.member_id, union, page.after_id, page.limit)
    return page.page_by_id(rows, lambda row: _view(row, unit.now), lambda row: row.id)


@router.delete("/{suspension}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_suspension(
    union: UnionOfPath, suspension: UUID, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> SuspensionView:
    """Lift a suspension before it ends: the member is back. A signed act."""
    return _view(
        await lift_suspension(unit, identity.settings, claims.member_id, union, suspension), unit.now
    )


def _view(suspension: Suspension, now: datetime) -> SuspensionView:
    return SuspensionView(
        id=suspension.id,
        union_id=suspension.union_id,
        member_id=suspension.member_id,
        ordered_by=suspension.ordered_by,
        ground=suspension.ground,
        began_at=suspension.began_at,
        ends_at=suspension.ends_at,
        lifted_at=suspension.lifted_at,
        lifted_by=suspension.lifted_by,
        runs=suspension.runs_at(now),
    )
