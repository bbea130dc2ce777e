"""Why the ledger itself moved something: the rule, its figures, the charter's version or the decision."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import AnyCaller
from chassis.money import Asset, MoneyView
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import visible_account
from services.ledger.api.fields import SequenceOfPath, UnionName
from services.ledger.domain.errors import NothingToExplain, TransferNotFound
from services.ledger.domain.reasons import FORMULAS
from services.ledger.store.reasons import find_reason
from services.ledger.store.statements import lines_from

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class ExplanationView(BaseModel):
    """Who wants to check it computes `formula` from `figures`."""

    rule: str = Field(description="The transfer's code.", examples=["fee"])
    formula: str = Field(examples=["floor(of_minor * basis_points / 10000), at most max_minor"])
    figures: dict[str, int | str] = Field(
        description="By name; names that end in `_minor` are minor units, as strings.",
        examples=[{"of_code": "pay", "of_minor": "5000", "basis_points": 100, "max_minor": "1000000"}],
    )
    amount: MoneyView = Field(description="What was moved, as the account's statement shows it.")
    charter_version: int = Field(description="The charter's version that was in force.")
    decision_id: UUID | None


@router.get(
    "/accounts/{account}/statement/{sequence}/explanation",
    responses=problem_responses(400, 401, 403, 404, 422, 503),
)
async def get_explanation(
    request: Request, unit: Unit, caller: AnyCaller, union: UnionName, account: UUID, sequence: SequenceOfPath
) -> ExplanationView:
    """Why a fee was taken, a grant given, a step released: the rule and its figures."""
    look = await visible_account(request, union, account, caller)
    raw = await unit.raw()
    lines = await lines_from(raw, look.union_id, look.number, sequence, 1)
    if not lines:
        raise TransferNotFound(sequence)
    kept = await find_reason(raw, look.union_id, sequence)
    if kept is None:
        raise NothingToExplain(sequence)
    line, reason = lines[0], kept.reason
    return ExplanationView(
        rule=line.code,
        formula=FORMULAS[line.code],
        figures={
            name: str(value) if name.endswith("_minor") else value for name, value in reason.figures.items()
        },
        amount=Asset(look.asset, look.scale).money(line.amount_minor).view(),
        charter_version=kept.charter_version,
        decision_id=reason.decision_id,
    )
