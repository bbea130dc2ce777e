"""Balances as of a past moment: posted, reserved and expected."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from chassis.auth.dependencies import AnyCaller
from chassis.money import Asset, MoneyView
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import visible_account
from services.ledger.api.dependencies import Settings
from services.ledger.api.fields import UnionName
from services.ledger.domain.errors import MomentNotPassed, StatementTooLong
from services.ledger.store.past import moved_after, pending_at

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class PastBalanceView(BaseModel):
    """The account as it was, with everything that was posted up to the moment."""

    account_id: UUID
    at: datetime
    balance: MoneyView
    reserved: MoneyView = Field(description="In holds of it that were pending then.")
    expected: MoneyView = Field(description="In holds for it that were pending then.")


@router.get("/accounts/{account}/balance", responses=problem_responses(400, 401, 403, 404, 413, 422, 503))
async def get_balance(
    request: Request,
    unit: Unit,
    caller: AnyCaller,
    settings: Settings,
    union: UnionName,
    account: UUID,
    at: Annotated[
        AwareDatetime, Query(description="A moment that has passed.", examples=["2026-11-01T00:00:00Z"])
    ],
) -> PastBalanceView:
    """What the account had at a past moment."""
    look = await visible_account(request, union, account, caller)
    moment = at.astimezone(UTC)
    if moment > unit.now:
        raise MomentNotPassed
    raw = await unit.raw()
    most = settings.statement_lines_max
    moved = await moved_after(raw, look.union_id, look.number, look.last_sequence, moment, most)
    if moved is None:
        raise StatementTooLong(most)
    pending = await pending_at(raw, look.union_id, look.number, moment)
    money = Asset(look.asset, look.scale).money
    return PastBalanceView(
        account_id=look.id,
        at=moment,
        balance=money(look.balance_minor - moved).view(),
        reserved=money(pending.reserved_minor).view(),
        expected=money(pending.expected_minor).view(),
    )
