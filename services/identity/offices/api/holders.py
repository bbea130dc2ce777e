"""Who holds an office, and the register of who held which when."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from chassis.auth.dependencies import Act, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import EPOCH, MemberNamed, MemberOfPath, UnionOfPath
from services.identity.api.joined import Joined
from services.identity.offices.api.views import HoldingView, OfficeOfPath
from services.identity.offices.store.holdings import RegisteredHolding
from services.identity.offices.use_cases.appoint_holder import appoint_holder, end_holder
from services.identity.offices.use_cases.read_offices import read_offices, read_register

router = APIRouter(prefix="/v1/unions/{union}/offices", route_class=TransactionRoute, tags=["offices"])


class HolderBody(BaseModel):
    """Whom to appoint."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed


@router.get("/register", responses=problem_responses(400, 401, 404, 422, 503))
async def get_register(
    union: UnionOfPath,
    unit: Unit,
    claims: MaybeSignedIn,
    page: Paging,
    at: Annotated[
        AwareDatetime | None,
        Query(description="Only who held one at this moment; a later one than now is now."),
    ] = None,
    held: Annotated[bool, Query(description="Only who holds one now.")] = False,
    office: Annotated[UUID | None, Query(description="Only of this office.")] = None,
) -> Page[HoldingView]:
    """Who holds and held which office from when to when, the newest first; names as the charter says."""
    reader_id = None if claims is None else claims.member_id
    offices = await read_offices(unit, union, reader_id)
    moment = unit.now if held else at and min(max(at, EPOCH), unit.now)
    rows = await read_register(unit, offices, reader_id, moment, office, page.after_id, page.limit)
    return page.page_by_id(
        rows, lambda line: HoldingView.of(offices, line, reader_id), lambda line: line.holding.id
    )


@router.post(
    "/{office}/holders",
    status_code=201,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def post_holder(
    union: UnionOfPath,
    office: OfficeOfPath,
    body: HolderBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> HoldingView:
    """Appoint a member for the office's term, or as long as one holds the office above oneself.

    A signed act of who stands above it. They are told.
    """
    scene, holding, profile = await appoint_holder(
        unit, identity.settings, claims.member_id, union, office, body.member
    )
    offices = await read_offices(unit, union, claims.member_id)
    held = scene.tree.offices[office]
    line = RegisteredHolding(
        holding, held.name, scene.tree.rights_of(office), profile.handle, profile.name, None, None, None
    )
    return HoldingView.of(offices, line, holding.member_id)


@router.delete(
    "/{office}/holders/{member}",
    status_code=204,
    responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def delete_holder(
    union: UnionOfPath,
    office: OfficeOfPath,
    member: MemberOfPath,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> None:
    """End that a member holds the office, with whom they appointed by it.

    A signed act of who stands above it, or of the holder.
    """
    identity.wake_revocations_after(unit)
    await end_holder(unit, identity.settings, claims.member_id, union, office, member)
