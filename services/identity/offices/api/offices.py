"""The offices of a union: a tree below its founder."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.offices.api.views import (
    OfficeName,
    OfficeOfPath,
    OfficeView,
    RightsBody,
    TermSeconds,
    rights_sent,
)
from services.identity.offices.domain.errors import OfficeNotFound
from services.identity.offices.domain.office import Office
from services.identity.offices.use_cases.keep_office import (
    OfficeChange,
    OfficeDraft,
    change_office,
    end_office,
    found_office,
    office_etag,
)
from services.identity.offices.use_cases.read_offices import read_offices, read_token

router = APIRouter(prefix="/v1/unions/{union}/offices", route_class=TransactionRoute, tags=["offices"])


class OfficeBody(BaseModel):
    """A new office: below another one, or directly below the founder."""

    model_config = ConfigDict(extra="forbid")

    parent_id: UUID | None = None
    name: OfficeName
    rights: RightsBody
    term_seconds: TermSeconds


class OfficeChangeBody(BaseModel):
    """What shall be otherwise."""

    model_config = ConfigDict(extra="forbid")

    name: OfficeName | None = None
    rights: Annotated[RightsBody | None, Field(description="All of them; what is left out, it loses.")] = None
    term_seconds: Annotated[TermSeconds | None, Field(description="Of who is appointed from now on.")] = None


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_offices(union: UnionOfPath, unit: Unit, _: MaybeSignedIn, page: Paging) -> Page[OfficeView]:
    """The offices that have not ended, in the order in which they were founded: for everybody."""
    offices = await read_offices(unit, union, None)
    after = page.after_id
    rows = sorted(
        (one for one in offices.tree.offices.values() if after is None or one.id > after),
        key=lambda office: office.id,
    )
    return page.page_by_id(
        rows[: page.limit + 1],
        lambda office: OfficeView.of(offices, office, unit.now),
        lambda office: office.id,
    )


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_office(
    union: UnionOfPath,
    body: OfficeBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
    response: Response,
) -> OfficeView:
    """Found an office, with rights that who is above it has: a signed act of the founder, or of who holds an
    office above it."""
    token = await read_token(unit, union)
    draft = OfficeDraft(body.parent_id, body.name, rights_sent(body.rights, token), body.term_seconds)
    scene, office = await found_office(unit, identity.settings, claims.member_id, union, draft)
    response.headers["Location"] = f"/v1/unions/{scene.union.id}/offices/{office.id}"
    return await _shown(unit, union, office, response)


@router.get("/{office}", responses=problem_responses(400, 401, 404, 422, 503))
async def get_office(
    union: UnionOfPath, office: OfficeOfPath, unit: Unit, _: MaybeSignedIn, response: Response
) -> OfficeView:
    """One office, for everybody."""
    offices = await read_offices(unit, union, None)
    found = offices.tree.offices.get(office)
    if found is None:
        raise OfficeNotFound(office)
    response.headers["ETag"] = office_etag(found)
    return OfficeView.of(offices, found, unit.now)


@router.patch("/{office}", responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 422, 428, 503))
async def patch_office(
    union: UnionOfPath,
    office: OfficeOfPath,
    body: OfficeChangeBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
    response: Response,
    if_match: Annotated[str | None, Header(description="The office's ETag.")] = None,
) -> OfficeView:
    """Change an office: a signed act of who stands above it. What it loses is lost below it at once."""
    identity.wake_revocations_after(unit)
    token = await read_token(unit, union)
    rights = None if body.rights is None else rights_sent(body.rights, token)
    change = OfficeChange(body.name, rights, body.term_seconds)
    after = await change_office(unit, identity.settings, claims.member_id, union, office, change, if_match)
    return await _shown(unit, union, after, response)


@router.delete("/{office}", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_office(
    union: UnionOfPath, office: OfficeOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> None:
    """End an office with all below it: a signed act of who stands above it. Nobody holds them any longer."""
    identity.wake_revocations_after(unit)
    await end_office(unit, identity.settings, claims.member_id, union, office)


async def _shown(unit: UnitOfWork, union: str, office: Office, response: Response) -> OfficeView:
    response.headers["ETag"] = office_etag(office)
    return OfficeView.of(await read_offices(unit, union, None), office, unit.now)
