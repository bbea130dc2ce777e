"""A union's charter: read by everybody, amended by its founder below ten members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import Purpose, UnionOfPath
from services.identity.api.joined import Joined
from services.identity.api.members import IfMatch
from services.identity.api.parameter_bodies import ParametersBody, ParametersView, parameter_wishes
from services.identity.domain.acceptance import Terms
from services.identity.domain.charter import Amendment
from services.identity.store.charters import AdoptedCharter
from services.identity.use_cases.amend_charter import amend_charter, charter_etag
from services.identity.use_cases.read_union import read_charter

router = APIRouter(prefix="/v1/unions/{union}/charter", route_class=TransactionRoute, tags=["charter"])

VERSION_MAX = 2**31 - 1


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


class AskingView(BaseModel):
    """How members are asked about a material version; terms are those of the version before it."""

    grace_ends_at: datetime
    by_silence: str = Field(description="accepts, suspends, leaves.", examples=["accepts"])


class CharterView(BaseModel):
    """A version of the charter with its hash, which a joining member accepts."""

    version: int = Field(ge=1)
    hash: str
    in_force: bool
    author_id: UUID
    allowed_by: str = Field(examples=["founding"])
    adopted_at: datetime
    asking: AskingView | None = Field(None, description="Of a version that the members are asked to accept.")
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
    identity: Joined,
    claims: SignedIn,
    _: Act,
    if_match: IfMatch = None,
) -> CharterView:
    """Amend the charter: the founder, or an officer who may, until the tenth member. A signed act.

    Another purpose, other values or bylaws, or a parameter that is material, ask the members to accept anew.
    """
    amendment = Amendment(
        purpose=body.purpose,
        values=None if body.values is None else tuple(body.values),
        bylaws=body.bylaws,
        parameters=parameter_wishes(body.parameters),
    )
    adopted = await amend_charter(unit, identity.settings, claims.member_id, union, amendment, if_match)
    response.headers["ETag"] = charter_etag(adopted.charter.version)
    return _view(adopted, in_force=True)


def asking_view(terms: Terms | None) -> AskingView | None:
    if terms is None:
        return None
    return AskingView(grace_ends_at=terms.grace_ends_at, by_silence=terms.by_silence.value)


def _view(adopted: AdoptedCharter, *, in_force: bool) -> CharterView:
    return CharterView(
        version=adopted.charter.version,
        hash=adopted.hash,
        in_force=in_force,
        author_id=adopted.author_id,
        allowed_by=adopted.allowed_by,
        adopted_at=adopted.adopted_at,
        asking=asking_view(adopted.terms),
        document=CharterDocument.model_validate(adopted.charter.document()),
    )
