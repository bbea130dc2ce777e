"""Statements: an account's transfers from the newest back, with the balance after each."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import AnyCaller
from chassis.money import MINOR_MAX, Asset, MoneyView
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import visible_account
from services.ledger.api.fields import UnionName
from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.statements import StatementLine
from services.ledger.store.statements import lines_from

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class OtherAccountView(BaseModel):
    """The account on the other side."""

    id: UUID
    kind: AccountKind
    owner_id: UUID | None
    resource: str | None


class StatementLineView(BaseModel):
    """One transfer: `amount` is negative when it left the account."""

    sequence: int = Field(description="The transfer's place in the union's journal.", examples=[4711])
    transfer_id: UUID
    entry_number: int
    at: datetime
    code: str = Field(examples=["pay"])
    amount: MoneyView
    balance_after: MoneyView
    other_account: OtherAccountView
    memo: str | None

    @classmethod
    def of(cls, line: StatementLine, asset: Asset, balance_after_minor: int) -> "StatementLineView":
        return cls(
            sequence=line.sequence,
            transfer_id=line.id,
            entry_number=line.entry_number,
            at=line.time,
            code=line.code,
            amount=asset.money(line.amount_minor).view(),
            balance_after=asset.money(balance_after_minor).view(),
            other_account=OtherAccountView(
                id=line.other_account,
                kind=AccountKind(line.other_kind),
                owner_id=line.other_owner_id,
                resource=line.other_resource,
            ),
            memo=line.memo,
        )


@router.get("/accounts/{account}/statement", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_statement(
    request: Request,
    unit: Unit,
    caller: AnyCaller,
    paging: Paging,
    union: UnionName,
    account: UUID,
) -> Page[StatementLineView]:
    """The account's transfers, the newest first."""
    look = await visible_account(request, union, account, caller)
    sequence, balance_minor = look.last_sequence, look.balance_minor
    if paging.after is not None:
        sequence, balance_minor = _place(paging.after)
    lines = await lines_from(await unit.raw(), look.union_id, look.number, sequence, paging.limit)
    asset = Asset(look.asset, look.scale)
    views: list[StatementLineView] = []
    for line in lines:
        views.append(StatementLineView.of(line, asset, balance_minor))
        balance_minor -= line.amount_minor
    following = (lines[-1].previous, balance_minor) if lines and lines[-1].previous else None
    return paging.page(views, following)


def _place(after: tuple[str | int, ...]) -> tuple[int, int]:
    """Where a page begins; a place that is not the account's own shows nothing."""
    sequence, balance_minor = (int(value) for value in cursor_fields(after, int, int))
    if not 0 < sequence <= MINOR_MAX or abs(balance_minor) > MINOR_MAX:
        raise Problem(CURSOR_INVALID)
    return sequence, balance_minor
