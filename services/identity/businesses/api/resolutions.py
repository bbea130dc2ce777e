"""What the owners of a business resolve."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.businesses.api.views import BusinessOfPath, ResolutionBody, ResolutionView
from services.identity.businesses.use_cases.pass_resolution import (
    ResolutionDraft,
    approve_resolution,
    propose_resolution,
)
from services.identity.businesses.use_cases.read_business import (
    read_business,
    read_resolution,
    read_resolutions,
)

router = APIRouter(
    prefix="/v1/unions/{union}/businesses/{business}/resolutions",
    route_class=TransactionRoute,
    tags=["businesses"],
)
ResolutionOfPath = Annotated[UUID, Path(description="The resolution's id.")]


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_resolutions(
    union: UnionOfPath,
    business: BusinessOfPath,
    unit: Unit,
    claims: SignedIn,
    page: Paging,
    undecided: Annotated[bool, Query(description="Only those that may still be approved.")] = False,
) -> Page[ResolutionView]:
    """The newest first: for its owners, its managers, and who may audit it."""
    seen = await read_business(unit, union, business, claims.member_id)
    rows = await read_resolutions(unit, seen, page.after_id, page.limit, open_only=undecided)
    shares = seen.roster.business.shares_count
    return page.page_by_id(
        rows, lambda one: ResolutionView.of(one, shares, unit.now), lambda one: one.resolution.id
    )


@router.get("/{resolution}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_resolution(
    union: UnionOfPath, business: BusinessOfPath, resolution: ResolutionOfPath, unit: Unit, claims: SignedIn
) -> ResolutionView:
    """One resolution: for its owners, its managers, and who may audit it."""
    seen = await read_business(unit, union, business, claims.member_id)
    counted = await read_resolution(unit, seen, resolution)
    return ResolutionView.of(counted, seen.roster.business.shares_count, unit.now)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_resolution(
    union: UnionOfPath,
    business: BusinessOfPath,
    body: ResolutionBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ResolutionView:
    """Propose a resolution, and approve it by the same signed act of an owner.

    It passes by more than half of all shares: at once where these are mine. The other owners are asked.
    """
    identity.wake_revocations_after(unit)
    draft = ResolutionDraft(body.kind, body.member, body.term_seconds)
    counted = await propose_resolution(unit, identity.settings, claims.member_id, union, business, draft)
    seen = await read_business(unit, union, business, claims.member_id)
    return ResolutionView.of(counted, seen.roster.business.shares_count, unit.now)


@router.put("/{resolution}/approval", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_approval(
    union: UnionOfPath,
    business: BusinessOfPath,
    resolution: ResolutionOfPath,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ResolutionView:
    """Approve a resolution with the shares that I have now; all approvals are counted anew. A signed act."""
    identity.wake_revocations_after(unit)
    counted = await approve_resolution(unit, identity.settings, claims.member_id, union, business, resolution)
    seen = await read_business(unit, union, business, claims.member_id)
    return ResolutionView.of(counted, seen.roster.business.shares_count, unit.now)
