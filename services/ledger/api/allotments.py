"""Allotments: one amount, gathered from several accounts or split among several, whole or not at all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import keep_act
from chassis.membership import UnionOfPath
from chassis.money import MoneyBody, MoneyView
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Settings, TransferAsker
from services.ledger.api.fields import AccountReference, CodeWord, Memo
from services.ledger.domain.errors import AllotmentTooLarge, WrongAsset
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code
from services.ledger.use_cases.allot import AllotmentDraft, SourceDraft, allot_amount

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)
SHARES_MAX = 1_000_000


class SourceBody(BaseModel):
    """An account that gives what there is, before the next one is asked."""

    model_config = ConfigDict(extra="forbid")

    account: AccountReference
    max: Annotated[MoneyBody | None, Field(description="At most so much of it.")] = None
    mandate_id: Annotated[
        UUID | None, Field(description="Of another member's account: the mandate that they gave me.")
    ] = None


class DestinationBody(BaseModel):
    """An account that gets its share of the sum of all shares."""

    model_config = ConfigDict(extra="forbid")

    account: AccountReference
    shares: Annotated[int, Field(strict=True, ge=1, le=SHARES_MAX, examples=[2])]


class AllotmentBody(BaseModel):
    """What is to be moved, in full."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "amount": {"asset": "GLD", "minor": "100000000"},
                    "sources": [{"account": "members/0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"}],
                    "destinations": [
                        {"account": "members/0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e70", "shares": 2},
                        {"account": "treasury", "shares": 1},
                    ],
                }
            ]
        },
    )

    amount: MoneyBody
    sources: Annotated[list[SourceBody], Field(min_length=1, description="In the order in which they give.")]
    destinations: Annotated[list[DestinationBody], Field(min_length=1)]
    code: Annotated[CodeWord, Field(description="Of what no mandate gives.")] = Code.PAY.word
    memo: Memo | None = None


class PartView(BaseModel):
    """A transfer of it."""

    transfer_id: UUID
    debit_account: UUID
    credit_account: UUID
    amount: MoneyView


class AllotmentView(BaseModel):
    """What came of it: `posted`, `exists`, or why nothing was moved."""

    id: UUID
    result: Result
    first_result: Result | None = Field(description="What it was refused with before.")
    parts: list[PartView]


@router.put("/allotments/{allotment}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_allotment(
    unit: Unit,
    union: UnionOfPath,
    asker: TransferAsker,
    settings: Settings,
    allotment: Annotated[UUID, Path(description="Chosen by the asker, never free again.")],
    body: AllotmentBody,
) -> AllotmentView:
    """Gather an amount from accounts in order, split it by shares: exact to the unit, whole or not at all.

    A member's request is a signed act. The units that no share divides go to the largest remainders; among
    equal ones in an order that the allotment's id begins.
    """
    for name, listed, limit in (
        ("sources", body.sources, settings.allotment_sources_max),
        ("destinations", body.destinations, settings.allotment_destinations_max),
    ):
        if len(listed) > limit:
            raise AllotmentTooLarge(name, len(listed), limit)
    for source in body.sources:
        if source.max is not None and source.max.asset != body.amount.asset:
            raise WrongAsset(source.max.asset, body.amount.asset)
    draft = AllotmentDraft(
        id=allotment,
        asset=body.amount.asset,
        amount_minor=body.amount.amount_minor(),
        code=body.code,
        memo=body.memo,
        sources=[
            SourceDraft(
                source.account,
                None if source.max is None else source.max.amount_minor(),
                source.mandate_id,
            )
            for source in body.sources
        ],
        destinations=[(one.account, one.shares) for one in body.destinations],
    )
    act = asker.own_act
    if act is not None:
        await keep_act(unit, asker.principal.id, act)
    key = None if act is None else (act.key_id, act.nonce)
    allotted = await allot_amount(unit, union, asker.principal, draft, key)
    return AllotmentView(
        id=allotment,
        result=allotted.result,
        first_result=allotted.first_result,
        parts=[
            PartView(
                transfer_id=part.transfer_id,
                debit_account=part.debit_account,
                credit_account=part.credit_account,
                amount=union.token.money(part.amount_minor).view(),
            )
            for part in allotted.parts
        ],
    )
