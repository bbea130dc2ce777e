"""Pay from the treasury by the right to spend: within what each holding of the chain may spend in all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.membership import Membership
from chassis.rights.grants import Charge, Ground
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import AccountKind, referred_account, union_account_id
from services.ledger.domain.errors import SpendingLimitReached, WrongAsset
from services.ledger.domain.journal import time_after
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code, officer_principal
from services.ledger.domain.transfers import Answer, TransferRequest
from services.ledger.store.accounts import load_accounts
from services.ledger.store.postings import ActOfTransfer
from services.ledger.store.treasury import TreasuryPayment, add_payment, is_paid, spent_by
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry
from services.ledger.use_cases.tell_of_account import tell_of_account


@dataclass(frozen=True, slots=True)
class TreasuryPaymentDraft:
    """A payment as it was sent: `account` is a reference."""

    id: UUID
    account: str
    asset: str
    amount_minor: int
    memo: str | None


async def pay_from_treasury(
    unit: UnitOfWork,
    officer: Membership,
    grounds: Sequence[Ground],
    draft: TreasuryPaymentDraft,
    act: ActOfTransfer,
) -> Answer:
    """The transfer's result, by the ground that has most left; a repeat counts once. Nobody pays themselves.

    Raises BadAccountReference, WrongAsset, SpendingLimitReached: these burn no id.
    """
    union, raw = officer.union, await unit.raw()
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    account_id = referred_account(union.id, draft.account)
    head = await lock_books(unit, union)
    held = [charge.holding_id for ground in grounds for charge in ground.charges]
    ground, left_minor = widest(grounds, await spent_by(raw, union.id, held))
    is_beyond = left_minor is not None and draft.amount_minor > left_minor
    if is_beyond and not await is_paid(raw, union.id, officer.member_id, draft.id):
        raise SpendingLimitReached(draft.asset, str(left_minor))
    request = TransferRequest(
        id=draft.id,
        debit_account=union_account_id(union.id, AccountKind.TREASURY),
        credit_account=account_id,
        asset=draft.asset,
        amount_minor=draft.amount_minor,
        code=Code.TREASURY_PAY.word,
        memo=draft.memo,
    )
    principal = officer_principal(officer.member_id)
    moment = time_after(head, unit.now)
    (answer,) = (await post_entry(unit, union, head, principal, [request], act)).answers
    if answer.result is Result.POSTED:
        payment = TreasuryPayment(
            draft.id, officer.member_id, account_id, draft.amount_minor, ground.charges, moment
        )
        await add_payment(raw, union.id, payment, act)
        payee_id = (await load_accounts(raw, union.id, [account_id]))[account_id].owner_id
        assert payee_id is not None
        tell_of_account(unit, union.id, (payee_id, account_id), "treasury.paid", officer.member_id)
    unit.record_act(
        f"spend: {ground.word}",
        f"treasury-payments/{draft.id}",
        {"result": answer.result, "account": account_id, "amount_minor": str(draft.amount_minor)},
        union_id=union.id,
        charter_version=union.charter_version,
    )
    return answer


def widest(grounds: Sequence[Ground], spent: Mapping[UUID, int]) -> tuple[Ground, int | None]:
    """The ground by which most may still be paid, the first of equals, and how much that is."""
    left = ((ground, left_of(ground.charges, spent)) for ground in grounds)
    return max(left, key=lambda one: math.inf if one[1] is None else one[1])


def left_of(charges: tuple[Charge, ...], spent: Mapping[UUID, int]) -> int | None:
    """What may still be paid, minor units: the least of what each holding has left; None: the founder."""
    left = [max(0, charge.limit_minor - spent.get(charge.holding_id, 0)) for charge in charges]
    return min(left) if left else None
