"""Expulsions: proposed, heard, decided, and heard again on appeal."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberNamed, UnionOfPath
from services.identity.api.joined import Joined
from services.identity.exclusion.api.fields import Ground, Words
from services.identity.exclusion.domain.expulsion import Decision, Expulsion
from services.identity.exclusion.use_cases.expel_member import (
    appeal_expulsion,
    decide_appeal,
    decide_expulsion,
    propose_expulsion,
    state_case,
)
from services.identity.exclusion.use_cases.read_exclusions import read_expulsion, read_expulsions

router = APIRouter(prefix="/v1/unions/{union}/expulsions", route_class=TransactionRoute, tags=["exclusion"])


class ExpulsionBody(BaseModel):
    """Whom to expel, and why."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    ground: Ground


class WordsBody(BaseModel):
    """What the member concerned says."""

    model_config = ConfigDict(extra="forbid")

    text: Words


class DecisionBody(BaseModel):
    """Whether the member is expelled, and why."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["expelled", "dropped"]
    reasons: Words


class AppealDecisionBody(BaseModel):
    """Whether the expulsion stands, and why."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "reversed"]
    reasons: Words


class DecisionView(BaseModel):
    """Who decided, why and when."""

    by: UUID
    reasons: str
    at: datetime


class ExpulsionView(BaseModel):
    """A case, with everything that was said in it."""

    id: UUID
    union_id: UUID
    member_id: UUID
    proposed_by: UUID
    ground: str
    proposed_at: datetime
    hearing_until: datetime = Field(description="Nobody expels the member before.")
    decide_by: datetime = Field(
        description="Of the stage that it is in: a proposal that nobody decided by then has lapsed, "
        "an appeal is won."
    )
    state: str = Field(
        description="proposed, dropped, lapsed, expelled, appealed, upheld, reversed.", examples=["proposed"]
    )
    statement: str | None
    decision: DecisionView | None
    appeal_until: datetime | None
    appeal: str | None
    appeal_decision: DecisionView | None


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_expulsion(
    union: UnionOfPath,
    body: ExpulsionBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ExpulsionView:
    """Propose to expel a member: they are told, and heard first. A signed act."""
    case = await propose_expulsion(unit, identity.settings, claims.member_id, union, body.member, body.ground)
    response.headers["Location"] = f"/v1/unions/{case.union_id}/expulsions/{case.id}"
    return _view(case)


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_expulsions(
    union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[ExpulsionView]:
    """The newest first: officers see all, a member their own."""
    rows = await read_expulsions(unit, claims.member_id, union, page.after_id, page.limit)
    return page.page_by_id(rows, _view, lambda row: row.id)


@router.get("/{expulsion}", responses=problem_responses(401, 404, 422, 503))
async def get_expulsion(union: UnionOfPath, expulsion: UUID, unit: Unit, claims: SignedIn) -> ExpulsionView:
    """One case: for officers, and for the member concerned."""
    return _view(await read_expulsion(unit, claims.member_id, union, expulsion))


@router.put("/{expulsion}/statement", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_statement(
    union: UnionOfPath,
    expulsion: UUID,
    body: WordsBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ExpulsionView:
    """Say, as the member concerned, what is to be said; anew until it is decided. A signed act."""
    return _view(await state_case(unit, identity.settings, claims.member_id, union, expulsion, body.text))


@router.put("/{expulsion}/decision", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_decision(
    union: UnionOfPath,
    expulsion: UUID,
    body: DecisionBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ExpulsionView:
    """Drop the case, or expel the member once the hearing is over. A signed act."""
    identity.wake_revocations_after(unit)
    case = await decide_expulsion(
        unit,
        identity.settings,
        claims.member_id,
        union,
        expulsion,
        expels=body.outcome == "expelled",
        reasons=body.reasons,
    )
    return _view(case)


@router.put("/{expulsion}/appeal", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_appeal(
    union: UnionOfPath,
    expulsion: UUID,
    body: WordsBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ExpulsionView:
    """Appeal, as the expelled member, once and in time. A signed act."""
    return _view(
        await appeal_expulsion(unit, identity.settings, claims.member_id, union, expulsion, body.text)
    )


@router.put(
    "/{expulsion}/appeal/decision", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def put_appeal_decision(
    union: UnionOfPath,
    expulsion: UUID,
    body: AppealDecisionBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ExpulsionView:
    """Uphold the expulsion, or reverse it: the member is what they were before. A signed act."""
    case = await decide_appeal(
        unit,
        identity.settings,
        claims.member_id,
        union,
        expulsion,
        upholds=body.outcome == "upheld",
        reasons=body.reasons,
    )
    return _view(case)


def _view(case: Expulsion) -> ExpulsionView:
    return ExpulsionView(
        id=case.id,
        union_id=case.union_id,
        member_id=case.member_id,
        proposed_by=case.proposed_by,
        ground=case.ground,
        proposed_at=case.proposed_at,
        hearing_until=case.hearing_until,
        decide_by=case.decide_by,
        state=case.state.value,
        statement=case.statement,
        decision=_decision(case.decision),
        appeal_until=case.appeal_until,
        appeal=case.appeal,
        appeal_decision=_decision(case.appeal_decision),
    )


def _decision(decision: Decision | None) -> DecisionView | None:
    return (
        None if decision is None else DecisionView(by=decision.by, reasons=decision.reasons, at=decision.at)
    )
