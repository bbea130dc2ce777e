"""Appeals against what operators did: once, decided by another operator, or won by silence."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from chassis.auth.dependencies import Act, FreshAct, SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.operators.api.views import ActOfPath, OperatorActView, PublicReasons, Words, act_view
from services.identity.operators.use_cases.appeal_act import appeal_act, decide_operator_appeal

router = APIRouter(prefix="/v1/operator-acts/{act}/appeal", route_class=TransactionRoute, tags=["operators"])
_REFUSALS = (400, 401, 403, 404, 409, 413, 422, 503)


class OperatorAppealBody(BaseModel):
    """Why it should not be: operators read it."""

    model_config = ConfigDict(extra="forbid")

    text: Words


class OperatorAppealDecisionBody(BaseModel):
    """`upheld`: it stays. `reversed`: it ends."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "reversed"]
    reasons: PublicReasons


@router.put("", responses=problem_responses(*_REFUSALS))
async def put_operator_appeal(
    act: ActOfPath, body: OperatorAppealBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> OperatorActView:
    """Appeal, once: the member whom it is about, or who holds the founder's office. A signed act."""
    after = await appeal_act(unit, identity.settings, claims.member_id, act, body.text)
    return act_view(after, unit.now, claims.member_id, sees_all=False)


@router.put("/decision", responses=problem_responses(*_REFUSALS))
async def put_operator_appeal_decision(
    act: ActOfPath,
    body: OperatorAppealDecisionBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: FreshAct,
) -> OperatorActView:
    """Decide an appeal: another operator than who did it, where there is one. A signed act."""
    after = await decide_operator_appeal(
        unit,
        identity.settings,
        claims.member_id,
        act,
        upholds=body.outcome == "upheld",
        reasons=body.reasons,
    )
    return act_view(after, unit.now, claims.member_id, sees_all=True)
