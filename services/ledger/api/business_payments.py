"""Accounts of businesses as those see them who hold a right in them, and payments from these."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember
from chassis.money import Asset, MoneyView
from chassis.pages import Page, Paging, cursor_fields, cursor_id
from chassis.problems import FORBIDDEN, Problem, problem_responses
from chassis.rights.grants import BusinessRight
from chassis.rights.standing import BusinessRights
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import AccountView
from services.ledger.api.dependencies import required_business_grounds, sees_business
from services.ledger.api.own_lists import page_by_time, place_by_time
from services.ledger.api.treasury_payments import PaymentResultView, TreasuryPaymentBody
from services.ledger.domain.accounts import AccountKind, business_account_id
from services.ledger.store.accounts import load_accounts
from services.ledger.store.payments_by_right import PaymentByRight, payments_of_business
from services.ledger.use_cases.pay_by_right import PaymentDraft
from services.ledger.use_cases.pay_from_business import pay_from_business

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class BusinessAccountView(AccountView):
    """The account of a business; `owner_id` is the business."""

    spends: bool = Field(description="Whether I may pay from it.")


class BusinessPaymentBody(TreasuryPaymentBody):
    """For which business, whom to pay, and how much of the union's token."""

    business_id: UUID


class BusinessPaymentView(BaseModel):
    """A payment. `holding_id`: what gave `payer_id` the right to spend."""

    id: UUID
    payer_id: UUID
    holding_id: UUID | None
    account: UUID
    payee_kind: AccountKind
    payee_id: UUID | None = Field(description="The member or the business; null: the treasury.")
    amount: MoneyView
    paid_at: datetime

    @classmethod
    def of(cls, token: Asset, payment: PaymentByRight) -> "BusinessPaymentView":
        return cls(
            id=payment.id,
            payer_id=payment.payer_id,
            holding_id=payment.ground.holding_id,
            account=payment.credit_account,
            payee_kind=payment.payee_kind,
            payee_id=payment.payee_id,
            amount=token.money(payment.amount_minor).view(),
            paid_at=payment.paid_at,
        )


@router.put(
    "/business-payments/{payment}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def put_business_payment(
    request: Request,
    unit: Unit,
    member: ActiveMember,
    act: Act,
    payment: Annotated[UUID, Path(description="Chosen by the payer, never free again.")],
    body: BusinessPaymentBody,
) -> PaymentResultView:
    """Pay a member, the treasury or another business from a business' account: a signed act of who may spend.

    It counts against every holding that limits the payer. Who has a limit never pays themselves, nor
    another business in which they hold something; who manages the business without one may, and everybody
    who may audit it sees that.
    """
    amount_minor = body.amount.amount_minor()
    business_id = body.business_id
    grounds = await required_business_grounds(request, member, business_id, BusinessRight.SPEND)
    draft = PaymentDraft(payment, body.account, body.amount.asset, amount_minor, body.memo)
    peers = request.app.state.chassis.peers
    answer = await pay_from_business(
        unit, peers, member, business_id, grounds, draft, (act.key_id, act.nonce)
    )
    return PaymentResultView.of(member.union.token, answer, amount_minor)


@router.get("/business-payments", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_business_payments(
    request: Request,
    unit: Unit,
    member: ActiveMember,
    paging: Paging,
    business_id: Annotated[UUID, Query(description="Of which business.")],
) -> Page[BusinessPaymentView]:
    """What was paid from the account of a business, the newest first: for who may audit or spend in it."""
    if not await sees_business(request, member, business_id):
        raise Problem(FORBIDDEN, {"reason": "It takes the right audit or spend in this business."})
    before = place_by_time(paging)
    raw, union = await unit.raw(), member.union
    lines = await payments_of_business(raw, union.id, business_id, before, paging.limit + 1)
    return page_by_time(
        paging,
        lines,
        lambda payment: BusinessPaymentView.of(union.token, payment),
        lambda payment: (payment.paid_at, payment.id),
    )


@router.get("/business-accounts", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_business_accounts(
    request: Request, unit: Unit, member: ActiveMember, paging: Paging
) -> Page[BusinessAccountView]:
    """The accounts of the businesses in which I may audit or spend."""
    rights: BusinessRights = request.app.state.business_rights
    raw, union = await unit.raw(), member.union
    after = UUID(int=0)
    if paging.after is not None:
        (last,) = cursor_fields(paging.after, str)
        after = cursor_id(last)
    told = await rights.page(unit, member, after, paging.limit + 1)
    shown = told[: paging.limit]
    ids = {business_account_id(union.id, one): held for one, held in shown if held}
    found = await load_accounts(raw, union.id, ids)
    views = [
        BusinessAccountView(
            **AccountView.of(found[account_id], union.token.scale, unit.now).model_dump(),
            spends=BusinessRight.SPEND in held,
        )
        for account_id, held in ids.items()
        if account_id in found
    ]
    return paging.page(views, (str(shown[-1][0]),) if len(told) > paging.limit else None)
