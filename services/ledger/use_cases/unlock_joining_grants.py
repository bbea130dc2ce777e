"""Unlock the joining grants of those who have settled an agreement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind, member_account_id
from services.ledger.domain.grants import GrantState
from services.ledger.domain.reasons import Reason
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.accounts import NewAccount, open_accounts
from services.ledger.store.grants import note_settled_agreement, save_states
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry


async def unlock_joining_grants(
    unit: UnitOfWork, union: UnionView, member_ids: Sequence[UUID], paid_at: datetime
) -> None:
    """Move locked grants to their members. One not paid yet will come unlocked; repeats do nothing."""
    head = await lock_books(unit, union)
    raw = await unit.raw()
    settled = await note_settled_agreement(raw, union.id, sorted(set(member_ids)), paid_at)
    locked = {
        grant.member_id: grant.amount_minor
        for grant in settled
        if grant.state is GrantState.LOCKED and grant.amount_minor is not None
    }
    if not locked:
        return
    accounts = [
        NewAccount(member_account_id(union.id, member_id), AccountKind.MEMBER, member_id)
        for member_id in locked
    ]
    await open_accounts(raw, union.id, union.token.symbol, accounts, unit.now)
    batch = [
        TransferRequest(
            id=derived_id(LEDGER_NAMESPACE, str(union.id), Code.GRANT_UNLOCK.word, str(member_id)),
            debit_account=member_account_id(union.id, member_id, AccountKind.GRANT),
            credit_account=member_account_id(union.id, member_id),
            asset=union.token.symbol,
            amount_minor=amount_minor,
            code=Code.GRANT_UNLOCK.word,
        )
        for member_id, amount_minor in locked.items()
    ]
    reasons = {request.id: Reason({}) for request in batch}
    await post_entry(unit, union, head, LEDGER, batch, reasons=reasons)
    for member_id, amount_minor in locked.items():
        await save_states(raw, union.id, [(member_id, GrantState.UNLOCKED, amount_minor)], unit.now)
        unit.record_act(
            "charter: grant unlocked by a settled agreement",
            f"members/{member_id}",
            {"amount_minor": str(amount_minor)},
            union_id=union.id,
            charter_version=union.charter_version,
        )
