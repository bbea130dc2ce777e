"""Proofs of who wants to come in: what of the rule is so for them, and a credential that they present."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import ActToKeep, SignedIn, keep_act
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.service import Chassis
from services.identity.admission.token_node import Seen
from services.identity.admission.use_cases.look_at_balances import balances_to_look_at, keep_balances
from services.identity.admission.use_cases.present_credential import Presented, present_credential
from services.identity.admission.use_cases.read_proofs import read_proofs
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Identity, Joined

router = APIRouter(
    prefix="/v1/unions/{union}/admission-proofs", route_class=TransactionRoute, tags=["admission"]
)

CREDENTIAL_MAX_CHARACTERS = 16_384
CredentialText = Annotated[
    str,
    StringConstraints(
        max_length=CREDENTIAL_MAX_CHARACTERS, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
    ),
]


class WayView(BaseModel):
    """A way of the rule, and whether it is so for me; null for an invitation, which shows when it is brought.
    `valid_until`: of what was proven, null where it is nothing or has no end."""

    way: str = Field(examples=["vouching:3"])
    name: str = Field(examples=["vouching"])
    is_so: bool | None
    valid_until: datetime | None


class OwnProofsView(BaseModel):
    """The rule, and each of its ways once in its order. `admits`: whether what is so for me is enough to join
    without an invitation."""

    rule: str = Field(examples=["invitation or (application and vouching:3)"])
    admits: bool
    ways: list[WayView]


class CredentialBody(BaseModel):
    """A W3C Verifiable Credential (Data Model 2.0 or 1.1) as a compact JWS, about me."""

    model_config = ConfigDict(extra="forbid")

    credential: CredentialText


class ProvenView(BaseModel):
    """The ways that are so by it, until when, and whether a membership began by it."""

    ways: list[str]
    valid_until: datetime | None
    has_joined: bool


@router.get("/mine", responses=problem_responses(401, 404, 422, 503))
async def get_my_proofs(union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn) -> OwnProofsView:
    """How one comes in, and what of it is so for me."""
    met = await read_proofs(unit, identity.settings, claims.member_id, union)
    shown = [
        WayView(way=one.way.text, name=one.way.name, is_so=one.is_so, valid_until=one.valid_until)
        for one in met.ways
    ]
    return OwnProofsView(rule=met.rule, admits=met.admits, ways=shown)


@router.put("/mine/credential", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_my_credential(
    union: UnionOfPath, body: CredentialBody, unit: Unit, identity: Joined, claims: SignedIn, act: ActToKeep
) -> ProvenView:
    """Present a credential that the rule asks for. A signed act, of which the digest is kept, and of the
    credential its hash, the way and its end."""
    presented = await present_credential(
        unit, identity.settings, claims.member_id, union, body.credential, act.content_digest
    )
    return _proven(presented)


@router.put("/mine/balance", responses=problem_responses(400, 401, 403, 404, 409, 422, 429, 503))
async def put_my_balance(
    request: Request, union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, act: ActToKeep
) -> ProvenView:
    """Have the node look at what my wallets hold of the tokens that the rule asks for. A signed act."""
    seen = await _seen(request, identity, claims.member_id, union)
    await keep_act(unit, claims.member_id, act)
    return _proven(await keep_balances(unit, identity.settings, claims.member_id, union, seen))


async def _seen(request: Request, identity: Identity, member_id: UUID, union: str) -> Sequence[Seen]:
    """The node is asked while no transaction is open, and once where the route repeats the request."""
    known: Sequence[Seen] | None = getattr(request.state, "seen_balances", None)
    if known is None:
        chassis: Chassis = request.app.state.chassis
        async with chassis.unit(f"member:{member_id}") as counting:
            asked = await balances_to_look_at(counting, identity.settings, member_id, union)
        known = request.state.seen_balances = await identity.token_node.look(asked.ways, asked.wallets)
    return known


def _proven(presented: Presented) -> ProvenView:
    return ProvenView(
        ways=list(presented.ways), valid_until=presented.valid_until, has_joined=presented.has_joined
    )
