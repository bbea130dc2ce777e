"""What an operator does: a signed act with a fresh proof of a key, each kind at an address of its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import FreshAct, SignedIn
from chassis.files.api import DIGEST_PATTERN, Files
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberNamed
from services.identity.api.joined import Joined
from services.identity.operators.api.views import (
    ActOfPath,
    OperatorActView,
    PublicGround,
    PublicReasons,
    act_view,
)
from services.identity.operators.domain.act import OperatorAct
from services.identity.operators.use_cases.hide_union import hide_union
from services.identity.operators.use_cases.lock_member import lock_member
from services.identity.operators.use_cases.new_act import Wanted
from services.identity.operators.use_cases.remove_picture import remove_picture
from services.identity.operators.use_cases.undo_act import undo_act

router = APIRouter(prefix="/v1/operator-acts", route_class=TransactionRoute, tags=["operators"])
_REFUSALS = (400, 401, 403, 404, 409, 413, 422, 503)


class MemberLockBody(BaseModel):
    """Whose account to lock, why, and for how long."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    ground: PublicGround
    lasts_seconds: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[604_800])]


class UnionHidingBody(BaseModel):
    """Which union to hide, and why."""

    model_config = ConfigDict(extra="forbid")

    union: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$"),
        Field(description="The union's slug or id.", examples=["guild-of-lisbon"]),
    ]
    ground: PublicGround


class PictureRemovalBody(BaseModel):
    """Whose picture to take down, which, and why."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    picture: Annotated[
        str,
        StringConstraints(pattern=DIGEST_PATTERN),
        Field(description="Its SHA-256, as the link to it says it.", examples=["ab" * 32]),
    ]
    ground: PublicGround


class EndingBody(BaseModel):
    """Why it is undone."""

    model_config = ConfigDict(extra="forbid")

    reasons: PublicReasons


@router.post("/member-locks", status_code=201, responses=problem_responses(*_REFUSALS))
async def post_member_lock(
    body: MemberLockBody, response: Response, unit: Unit, identity: Joined, claims: SignedIn, act: FreshAct
) -> OperatorActView:
    """Lock a member's account: sessions end, later ones read and have the exit rights alone. A signed act."""
    identity.wake_revocations_after(unit)
    wanted = Wanted(claims.member_id, body.member, body.ground)
    made = await lock_member(unit, identity.settings, wanted, act, body.lasts_seconds)
    return _made(response, unit, claims.member_id, made)


@router.post("/union-hidings", status_code=201, responses=problem_responses(*_REFUSALS))
async def post_union_hiding(
    body: UnionHidingBody, response: Response, unit: Unit, identity: Joined, claims: SignedIn, act: FreshAct
) -> OperatorActView:
    """Hide a union from the directory, and its public page from outsiders. Operators; a signed act."""
    wanted = Wanted(claims.member_id, body.union, body.ground)
    return _made(response, unit, claims.member_id, await hide_union(unit, identity.settings, wanted, act))


@router.post("/picture-removals", status_code=201, responses=problem_responses(*_REFUSALS))
async def post_picture_removal(
    body: PictureRemovalBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    files: Files,
    claims: SignedIn,
    act: FreshAct,
) -> OperatorActView:
    """Take down a member's picture, which they cannot show again. Operators; a signed act."""
    wanted = Wanted(claims.member_id, body.member, body.ground)
    digest = bytes.fromhex(body.picture)
    made = await remove_picture(unit, identity.settings, files, wanted, act, digest)
    return _made(response, unit, claims.member_id, made)


@router.put("/{act}/ending", responses=problem_responses(*_REFUSALS))
async def put_ending(
    act: ActOfPath, body: EndingBody, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> OperatorActView:
    """Undo what an operator did. Operators; a signed act."""
    ended = await undo_act(unit, identity.settings, claims.member_id, act, body.reasons)
    return act_view(ended, unit.now, claims.member_id, sees_all=True)


def _made(response: Response, unit: Unit, operator_id: UUID, act: OperatorAct) -> OperatorActView:
    response.headers["Location"] = f"/v1/operator-acts/{act.id}"
    return act_view(act, unit.now, operator_id, sees_all=True)
