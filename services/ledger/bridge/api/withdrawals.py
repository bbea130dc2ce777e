"""Withdrawals: asked for by a member's signed act, paid on the chain."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import MembershipOfCaller, UnionView
from chassis.money import MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Settings
from services.ledger.bridge.domain.errors import WithdrawalNotFound
from services.ledger.bridge.domain.states import WithdrawalState
from services.ledger.bridge.store.withdrawals import Withdrawal, find_withdrawal, withdrawals_before
from services.ledger.bridge.use_cases.request_withdrawal import (
    WithdrawalDraft,
    WithdrawalLimits,
    request_withdrawal,
)

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class WithdrawalDebit(MoneyBody):
    """What leaves the member's own account, and for which address."""

    to: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            description="An address with the checksum of EIP-55: the member's own wallet, or any other.",
            examples=["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
        ),
    ]


class WithdrawalBody(BaseModel):
    """A withdrawal."""

    model_config = ConfigDict(extra="forbid")

    debit: WithdrawalDebit


class WithdrawalView(BaseModel):
    """A withdrawal: requested, sent, final; or returned, with the money back in the account."""

    id: UUID
    state: WithdrawalState
    amount: MoneyView
    to: str
    transaction_hash: str | None = Field(description="Of the transaction on the chain, once one was sent.")
    requested_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, union: UnionView, found: Withdrawal) -> "WithdrawalView":
        return cls(
            id=found.id,
            state=found.state,
            amount=union.token.money(found.amount_minor).view(),
            to=found.recipient,
            transaction_hash=found.transaction_hash,
            requested_at=found.requested_at,
            changed_at=found.changed_at,
        )


@router.post("/withdrawals", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def post_withdrawal(
    unit: Unit, member: MembershipOfCaller, act: Act, settings: Settings, body: WithdrawalBody
) -> WithdrawalView:
    """Take an amount out to the chain: a signed act, also of those who have left. It is paid afterwards."""
    made = await request_withdrawal(
        unit,
        member.union,
        member.member_id,
        WithdrawalDraft(body.debit.asset, body.debit.amount_minor(), body.debit.to),
        WithdrawalLimits(
            settings.bridge_withdrawal_minor_min, settings.bridge_withdrawals_open_max_per_member
        ),
        (act.key_id, act.nonce),
    )
    return WithdrawalView.of(member.union, made)


@router.get("/withdrawals", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_withdrawals(unit: Unit, member: MembershipOfCaller, paging: Paging) -> Page[WithdrawalView]:
    """My withdrawals, the newest first."""
    rows = await withdrawals_before(
        await unit.raw(), member.union.id, member.member_id, paging.after_id, paging.limit + 1
    )
    return paging.page_by_id(rows, lambda row: WithdrawalView.of(member.union, row), lambda row: row.id)


@router.get("/withdrawals/{withdrawal}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_withdrawal(unit: Unit, member: MembershipOfCaller, withdrawal: UUID) -> WithdrawalView:
    """One of my withdrawals."""
    found = await find_withdrawal(await unit.raw(), member.union.id, withdrawal, member.member_id)
    if found is None:
        raise WithdrawalNotFound(withdrawal)
    return WithdrawalView.of(member.union, found)
