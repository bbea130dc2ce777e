"""Unions: founding, the directory, the public data of one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, MaybeSignedIn, SignedIn
from chassis.fields import LINE_PATTERN
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.service import Chassis
from services.identity.api.fields import Purpose, UnionName, UnionOfPath, name_position
from services.identity.api.joined import ClientAddress, Joined
from services.identity.api.parameter_bodies import ParametersBody, parameter_wishes
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.invitation import CODE_PATTERN
from services.identity.domain.parameters import PresetName
from services.identity.store.unions import UnionListing
from services.identity.use_cases.found_union import Founding, found_union
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.read_union import directory_position, list_unions, read_union

router = APIRouter(prefix="/v1/unions", route_class=TransactionRoute, tags=["unions"])


class UnionBody(BaseModel):
    """A name and a purpose are enough: slug, charter, token and genesis come from a preset."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Guild of Lisbon", "purpose": "Freelancers of Lisbon who work for each other."}
            ]
        },
    )

    name: UnionName
    purpose: Purpose
    slug: Annotated[str | None, Field(max_length=64, pattern=LINE_PATTERN, examples=["guild-of-lisbon"])] = (
        None
    )
    preset: PresetName = Field(PresetName.GUILD_OF_FREELANCERS, description="See `GET /v1/charter-presets`.")
    parameters: ParametersBody | None = Field(
        None, description="Parameters that shall differ from the preset's; token and genesis only here."
    )


class TokenView(BaseModel):
    """The union's asset; amounts of it have `scale` decimals."""

    symbol: str = Field(examples=["GLD"])
    scale: int = Field(examples=[6])


class FounderView(BaseModel):
    """Who founded a union, or who holds the founder's office."""

    id: UUID
    handle: str


class UnionView(BaseModel):
    """A union as everybody may see it."""

    id: UUID
    slug: str = Field(examples=["guild-of-lisbon"])
    name: str
    purpose: str
    state: str = Field(examples=["active"])
    founder: FounderView
    head: FounderView = Field(description="Who holds the founder's office, with all its rights, by now.")
    members_count: int = Field(ge=0)
    token: TokenView
    charter_version: int = Field(ge=1)
    charter_hash: str
    founded_at: datetime


@router.post("", status_code=201, responses=problem_responses(400, 401, 409, 413, 422, 503))
async def post_union(
    body: UnionBody, response: Response, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> UnionView:
    """Found a union and be its first member. A signed act."""
    founding = Founding(
        name=body.name,
        purpose=body.purpose,
        slug=body.slug,
        parameters=parameter_wishes(body.parameters),
        preset=body.preset,
    )
    union = await found_union(unit, identity.settings, claims.member_id, founding)
    response.headers["Location"] = f"/v1/unions/{union.slug}"
    return _view(await read_union(unit, str(union.id), claims.member_id))


@router.get("", responses=problem_responses(400, 401, 422, 503))
async def get_unions(
    unit: Unit,
    page: Paging,
    search: Annotated[
        str, Query(max_length=80, pattern=LINE_PATTERN, description="How the name begins.")
    ] = "",
) -> Page[UnionView]:
    """The directory of unions by name."""
    rows = await list_unions(unit, search, name_position(page), page.limit)
    shown = rows[: page.limit]
    cursor = directory_position(shown[-1]) if len(rows) > page.limit else None
    return page.page([_view(listing) for listing in shown], cursor)


@router.get("/{union}", responses=problem_responses(401, 403, 404, 422, 429, 503))
async def get_union(
    request: Request,
    union: UnionOfPath,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    reader: MaybeSignedIn,
    invitation: Annotated[
        str | None,
        Query(
            pattern=CODE_PATTERN,
            description="The code of an invitation: who has a good one sees a hidden union, too.",
        ),
    ] = None,
) -> UnionView:
    """What everybody may see of a union; one that operators have hidden, members and the invited alone."""
    if invitation is not None and address is not None:
        chassis: Chassis = request.app.state.chassis
        async with chassis.unit("nobody") as counting:  # a read's own unit writes nothing
            await limit_attempts(counting, identity.settings, AttemptKind.INVITATION_OF_ADDRESS, address)
    return _view(await read_union(unit, union, None if reader is None else reader.member_id, invitation))


def _view(listing: UnionListing) -> UnionView:
    union = listing.union
    return UnionView(
        id=union.id,
        slug=union.slug,
        name=union.name,
        purpose=listing.purpose,
        state=union.state.value,
        founder=FounderView(id=union.founder_id, handle=listing.founder_handle),
        head=FounderView(id=union.head_id, handle=listing.head_handle),
        members_count=listing.active_members,
        token=TokenView(symbol=listing.token_symbol, scale=listing.token_scale),
        charter_version=union.charter_version,
        charter_hash=union.charter_hash,
        founded_at=union.founded_at,
    )
