"""A union's charter: read by everybody, amended by its founder below ten members."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.money import MinorText
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import Purpose, UnionOfPath
from services.identity.api.members import IfMatch
from services.identity.domain.charter import Amendment
from services.identity.domain.charter_limits import TOKEN_SYMBOL_PATTERN
from services.identity.store.charters import AdoptedCharter
from services.identity.use_cases.amend_charter import amend_charter, charter_etag
from services.identity.use_cases.read_union import read_charter

router = APIRouter(prefix="/v1/unions/{union}/charter", route_class=TransactionRoute, tags=["charter"])

Visibility = Literal["public", "members", "leaders", "nobody"]
VERSION_MAX = 2**31 - 1


class ParametersView(BaseModel):
    """What the services execute; amounts are strings of minor units. What is left out has its preset."""

    preset: str
    token_symbol: str
    token_scale: int
    supply_minor: str
    treasury_share_basis_points: int
    founder_share_basis_points: int
    early_members_share_basis_points: int
    joining_grant_minor: str
    joining_grants_per_day: int
    admission: str
    review_seconds: int
    visibility_members: str
    visibility_backlinks: str
    visibility_voices: str
    visibility_pledges: str
    visibility_balances: str
    founder_cliff_seconds: int | None = Field(
        None, description="Nothing of the founder's share is theirs before. Preset: 0."
    )
    founder_vesting_seconds: int | None = Field(
        None, description="The founder's share becomes theirs over so long, in 48 steps. Preset: 0, at once."
    )
    supply_policy: str | None = Field(
        None, description="`fixed`: nothing is ever issued after the genesis. Preset: `by_decision`."
    )
    joining_grant_halves_every: int | None = Field(
        None, description="After so many joining grants the next ones are half as large. Preset: 0, never."
    )
    payment_fee_basis_points: int | None = Field(
        None, description="Of what a member receives from another one, to the treasury. Preset: 0."
    )
    work_fee_basis_points: int | None = Field(
        None, description="Of what an agreement pays a member, to the treasury. Preset: 0."
    )
    fee_max_minor: str | None = Field(None, description="The most that one fee takes. Preset: 2^62, no cap.")
    admissions_per_day: int | None = Field(
        None, description="Applications that are admitted in a day; others wait. Preset: 0, no limit."
    )


class ParametersBody(BaseModel):
    """Parameters that shall be otherwise."""

    model_config = ConfigDict(extra="forbid")

    token_symbol: Annotated[str, StringConstraints(pattern=TOKEN_SYMBOL_PATTERN)] | None = None
    token_scale: Annotated[int, Field(ge=0, le=9)] | None = None
    supply_minor: MinorText | None = None
    treasury_share_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    founder_share_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    early_members_share_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    joining_grant_minor: MinorText | None = None
    joining_grants_per_day: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    admission: Annotated[str, StringConstraints(max_length=200, pattern=LINE_PATTERN)] | None = Field(
        None,
        description="Ways in: open, invitation, application, vouching:3, union:slug, joined by and, or, "
        "brackets.",
        examples=["invitation or (application and vouching:3)"],
    )
    review_seconds: Annotated[int, Field(ge=1, le=7_776_000)] | None = None
    visibility_members: Visibility | None = None
    visibility_backlinks: Visibility | None = None
    visibility_voices: Visibility | None = None
    visibility_pledges: Visibility | None = None
    visibility_balances: Visibility | None = None
    founder_cliff_seconds: Annotated[int, Field(ge=0, le=315_360_000)] | None = None
    founder_vesting_seconds: Annotated[int, Field(ge=0, le=315_360_000)] | None = None
    supply_policy: Literal["by_decision", "fixed"] | None = None
    joining_grant_halves_every: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    payment_fee_basis_points: Annotated[int, Field(ge=0, le=1_000)] | None = None
    work_fee_basis_points: Annotated[int, Field(ge=0, le=1_000)] | None = None
    fee_max_minor: MinorText | None = None
    admissions_per_day: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


def parameter_wishes(body: ParametersBody | None) -> dict[str, int | str] | None:
    """The parameters that were named, amounts as integers."""
    if body is None:
        return None
    return {
        name: int(value) if name.endswith("_minor") else value
        for name, value in body.model_dump(exclude_none=True).items()
    }


Value = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE_PATTERN)]


class AmendmentBody(BaseModel):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose | None = None
    values: Annotated[list[Value], Field(max_length=20)] | None = None
    bylaws: Annotated[str, StringConstraints(max_length=50_000, pattern=TEXT_PATTERN)] | None = Field(
        None, description="Markdown."
    )
    parameters: ParametersBody | None = None


class CharterDocument(BaseModel):
    """What is hashed: SHA-256 in hex over this object as canonical JSON (RFC 8785)."""

    format: str
    union_id: UUID
    version: int
    purpose: str
    values: list[str]
    bylaws: str
    parameters: ParametersView


class CharterView(BaseModel):
    """A version of the charter with its hash, which a joining member accepts."""

    version: int = Field(ge=1)
    hash: str
    in_force: bool
    author_id: UUID
    allowed_by: str = Field(examples=["founding"])
    adopted_at: datetime
    document: CharterDocument


@router.get("", response_model_exclude_none=True, responses=problem_responses(401, 404, 422, 503))
async def get_charter(
    union: UnionOfPath,
    response: Response,
    unit: Unit,
    version: Annotated[
        int | None, Query(ge=1, le=VERSION_MAX, description="The one in force by default.")
    ] = None,
) -> CharterView:
    """The charter, with the ETag that an amendment needs."""
    found, adopted = await read_charter(unit, union, version)
    response.headers["ETag"] = charter_etag(adopted.charter.version)
    return _view(adopted, in_force=adopted.charter.version == found.charter_version)


@router.patch(
    "",
    response_model_exclude_none=True,
    responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 422, 428, 503),
)
async def patch_charter(
    union: UnionOfPath,
    body: AmendmentBody,
    response: Response,
    unit: Unit,
    claims: SignedIn,
    _: Act,
    if_match: IfMatch = None,
) -> CharterView:
    """Amend the charter: the founder alone, until the tenth member. A signed act."""
    amendment = Amendment(
        purpose=body.purpose,
        values=None if body.values is None else tuple(body.values),
        bylaws=body.bylaws,
        parameters=parameter_wishes(body.parameters),
    )
    adopted = await amend_charter(unit, claims.member_id, union, amendment, if_match)
    response.headers["ETag"] = charter_etag(adopted.charter.version)
    return _view(adopted, in_force=True)


def _view(adopted: AdoptedCharter, *, in_force: bool) -> CharterView:
    return CharterView(
        version=adopted.charter.version,
        hash=adopted.hash,
        in_force=in_force,
        author_id=adopted.author_id,
        allowed_by=adopted.allowed_by,
        adopted_at=adopted.adopted_at,
        document=CharterDocument.model_validate(adopted.charter.document()),
    )
