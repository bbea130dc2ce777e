"""One's own acceptance of the charter: given anew, and what is asked."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.charters import VERSION_MAX
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.api.memberships import MembershipView, membership_view
from services.identity.domain.acceptance import AcceptanceState
from services.identity.use_cases.accept_charter import accept_charter
from services.identity.use_cases.read_acceptance import read_own_acceptance
from services.identity.use_cases.read_memberships import read_membership

router = APIRouter(
    prefix="/v1/unions/{union}/memberships/me/acceptance", route_class=TransactionRoute, tags=["memberships"]
)


class AcceptanceBody(BaseModel):
    """The charter that is accepted, by version and hash."""

    model_config = ConfigDict(extra="forbid")

    charter_version: Annotated[int, Field(ge=1, le=VERSION_MAX)]
    charter_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class AcceptanceView(BaseModel):
    """`state`: accepted; due; accepted_by_silence; overdue, where rights rest or are about to. Null for a
    membership that has ended."""

    accepted_version: int = Field(description="The version that the member accepted.")
    version_in_force: int
    hash_in_force: str = Field(description="What an acceptance names.")
    state: AcceptanceState | None
    asked_version: int | None = Field(description="The material version that the state is about.")
    grace_ends_at: datetime | None
    by_silence: str | None = Field(description="accepts, suspends, leaves.")


@router.get("", responses=problem_responses(401, 404, 422, 503))
async def get_my_acceptance(union: UnionOfPath, unit: Unit, claims: SignedIn) -> AcceptanceView:
    """Which charter one has accepted, and whether a later one is asked."""
    found, membership = await read_membership(unit, union, claims.member_id)
    own = await read_own_acceptance(unit, membership)
    return AcceptanceView(
        accepted_version=membership.charter_version,
        version_in_force=found.charter_version,
        hash_in_force=found.charter_hash,
        state=own.state,
        asked_version=None if own.asking is None else own.asking.charter_version,
        grace_ends_at=None if own.asking is None else own.asking.grace_ends_at,
        by_silence=None if own.asking is None else own.asking.by_silence.value,
    )


@router.put("", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_my_acceptance(
    union: UnionOfPath, body: AcceptanceBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> MembershipView:
    """Accept the charter in force; a repeat changes nothing. A signed act. Rights that rested are back."""
    return membership_view(
        await accept_charter(
            unit, identity.settings, claims.member_id, union, body.charter_version, body.charter_hash
        )
    )
