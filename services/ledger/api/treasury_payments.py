"""Payments from the treasury: signed acts of who may spend, seen by who may spend or audit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember
from chassis.money import Asset, MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.rights.grants import Right
from chassis.rights.standing import Rights
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import required_ground, required_grounds
from services.ledger.api.fields import AccountReference, Memo
from services.ledger.api.own_lists import page_by_time, place_by_time
from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.results import Result
from services.ledger.domain.transfers import Answer
from services.ledger.store.payments_by_right import PaymentByRight, payments_of_treasury
from services.ledger.use_cases.pay_by_right import PaymentDraft
from services.ledger.use_cases.pay_from_treasury import pay_from_treasury

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class TreasuryPaymentBody(BaseModel):
    """Whom to pay, and how much of the union's token."""

    model_config = ConfigDict(extra="forbid")

    account: AccountReference
    amount: MoneyBody
    memo: Memo | None = None


class PaymentResultView(BaseModel):
    """What came of it: `posted`, `exists`, or why nothing was moved."""

    id: UUID
    result: Result
    first_result: Result | None = Field(description="What it was refused with before.")
    amount: MoneyView | None = Field(description="What was moved, now or before.")

    @classmethod
    def of(cls, token: Asset, answer: Answer, asked_minor: int) -> "PaymentResultView":
        moved_minor = answer.moved_minor
        if moved_minor is None and answer.result is Result.POSTED:
            moved_minor = asked_minor
        return cls(
            id=answer.id,
            result=answer.result,
            first_result=answer.first_result,
            amount=None if moved_minor is None else token.money(moved_minor).view(),
        )


class TreasuryPaymentView(BaseModel):
    """A payment. `holding_id`: by which holding of an office; null: by the founder."""

    id: UUID
    officer_id: UUID
    holding_id: UUID | None
    payee_kind: AccountKind
    payee_id: UUID | None
    amount: MoneyView
    paid_at: datetime

    @classmethod
    def of(cls, token: Asset, payment: PaymentByRight) -> "TreasuryPaymentView":
        return cls(
            id=payment.id,
            officer_id=payment.payer_id,
            holding_id=payment.ground.holding_id,
            payee_kind=payment.payee_kind,
            payee_id=payment.payee_id,
            amount=token.money(payment.amount_minor).view(),
            paid_at=payment.paid_at,
        )


@router.put(
    "/treasury-payments/{payment}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def put_treasury_payment(
    request: Request,
    unit: Unit,
    member: ActiveMember,
    act: Act,
    payment: Annotated[UUID, Path(description="Chosen by the officer, never free again.")],
    body: TreasuryPaymentBody,
) -> PaymentResultView:
    """Pay a member or a business from the treasury: a signed act of the founder, or of who may spend so much.

    It counts against the holding, and against each by which that was given: in all, no more is paid than any
    of them may. Who holds several pays by the one that has most left. Nobody pays themselves,
    nor a business in which they hold something.
    """
    amount_minor = body.amount.amount_minor()
    grounds = await required_grounds(request, member, Right.SPEND)
    draft = PaymentDraft(payment, body.account, body.amount.asset, amount_minor, body.memo)
    answer = await pay_from_treasury(unit, member, grounds, draft, (act.key_id, act.nonce))
    return PaymentResultView.of(member.union.token, answer, amount_minor)


@router.get("/treasury-payments", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_treasury_payments(
    request: Request, unit: Unit, member: ActiveMember, paging: Paging
) -> Page[TreasuryPaymentView]:
    """What was paid from the treasury by officers, the newest first: for who may audit or spend."""
    rights: Rights = request.app.state.rights
    if not await rights.may(unit, member, Right.SPEND):
        await required_ground(request, member, Right.AUDIT)
    lines = await payments_of_treasury(
        await unit.raw(), member.union.id, place_by_time(paging), paging.limit + 1
    )
    return page_by_time(
        paging,
        lines,
        lambda payment: TreasuryPaymentView.of(member.union.token, payment),
        lambda payment: (payment.paid_at, payment.id),
    )
