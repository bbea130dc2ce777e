"""Pay by a right to spend: within what each holding of the chain may spend in all."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.membership import Membership
from chassis.rights.business_projection import holds_in
from chassis.rights.grants import Charge, Ground
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import Account, AccountKind, referred_account
from services.ledger.domain.errors import SpendingLimitReached, WrongAsset
from services.ledger.domain.journal import time_after
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code, Principal
from services.ledger.domain.transfers import Answer, TransferRequest
from services.ledger.store.accounts import load_accounts
from services.ledger.store.payments_by_right import (
    PaymentBook,
    PaymentByRight,
    add_payment,
    is_paid,
    spent_by,
)
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry
from services.ledger.use_cases.tell_of_account import tell_of_account


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as it was sent: `account` is a reference."""

    id: UUID
    account: str
    asset: str
    amount_minor: int
    memo: str | None


@dataclass(frozen=True, slots=True)
class Purse:
    """From where is paid: `noun` names its payments in acts, `notice` the kind of what a payee is told.
    `principal`: who asks, by the ground that is taken."""

    account_id: UUID
    code: Code
    book: PaymentBook
    principal: Callable[[Ground], Principal]
    noun: str
    notice: str
    business_id: UUID | None = None


async def pay_by_right(
    unit: UnitOfWork,
    payer: Membership,
    grounds: Sequence[Ground],
    purse: Purse,
    draft: PaymentDraft,
    act: ActOfTransfer,
) -> Answer:
    """The transfer's result, by the ground that has most left; a repeat counts once.

    Raises BadAccountReference, WrongAsset, SpendingLimitReached: these burn no id.
    """
    union, raw = payer.union, await unit.raw()
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    account_id = referred_account(union.id, draft.account)
    head = await lock_books(unit, union)
    held = [charge.holding_id for ground in grounds for charge in ground.charges]
    ground, left_minor = widest(grounds, await spent_by(raw, purse.book, union.id, held))
    is_beyond = left_minor is not None and draft.amount_minor > left_minor
    if is_beyond and not await is_paid(raw, purse.book, union.id, payer.member_id, draft.id):
        raise SpendingLimitReached(draft.asset, str(left_minor))
    request = TransferRequest(
        id=draft.id,
        debit_account=purse.account_id,
        credit_account=account_id,
        asset=draft.asset,
        amount_minor=draft.amount_minor,
        code=purse.code.word,
        memo=draft.memo,
    )
    moment = time_after(head, unit.now)
    payee = (await load_accounts(raw, union.id, [account_id])).get(account_id)
    principal = replace(purse.principal(ground), holds_in=await _own_business(unit, payer, payee))
    (answer,) = (await post_entry(unit, union, head, principal, [request], act)).answers
    if answer.result is Result.POSTED:
        payment = PaymentByRight(
            draft.id, payer.member_id, account_id, draft.amount_minor, ground, moment, purse.business_id
        )
        await add_payment(raw, purse.book, union.id, payment, act)
        _tell_payee(unit, payer, payee, purse.notice)
    unit.record_act(
        f"spend: {ground.word}",
        f"{purse.noun}/{draft.id}",
        {"result": answer.result, "account": account_id, "amount_minor": str(draft.amount_minor)},
        union_id=union.id,
        charter_version=union.charter_version,
        on_behalf_of=None if purse.business_id is None else f"business:{purse.business_id}",
    )
    return answer


async def _own_business(unit: UnitOfWork, payer: Membership, payee: Account | None) -> UUID | None:
    """The business that is paid, where the payer was told to hold something in it: nobody is asked, for the
    journal is locked."""
    if payee is None or payee.kind is not AccountKind.BUSINESS or payee.owner_id is None:
        return None
    raw, union_id = await unit.raw(), payer.union.id
    is_own = await holds_in(raw, union_id, payee.owner_id, payer.member_id, unit.now)
    return payee.owner_id if is_own else None


def _tell_payee(unit: UnitOfWork, payer: Membership, payee: Account | None, notice: str) -> None:
    """A member is told, unless they paid themselves."""
    if payee is None or payee.kind is not AccountKind.MEMBER:
        return
    if payee.owner_id not in (None, payer.member_id):
        tell_of_account(unit, payer.union.id, (payee.owner_id, payee.id), notice, payer.member_id)


def widest(grounds: Sequence[Ground], spent: Mapping[UUID, int]) -> tuple[Ground, int | None]:
    """The ground by which most may still be paid, the first of equals, and how much that is."""
    left = ((ground, left_of(ground.charges, spent)) for ground in grounds)
    return max(left, key=lambda one: math.inf if one[1] is None else one[1])


def left_of(charges: tuple[Charge, ...], spent: Mapping[UUID, int]) -> int | None:
    """What may still be paid, minor units: the least of what each holding has left; None: no limit."""
    left = [max(0, charge.limit_minor - spent.get(charge.holding_id, 0)) for charge in charges]
    return min(left) if left else None
