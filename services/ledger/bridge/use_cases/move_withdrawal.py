"""Move a withdrawal on: sent, final, or returned with its money."""

from dataclasses import replace
from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.ledger import WithdrawalState as WithdrawalEvent
from services.ledger.bridge.domain.states import OPEN_WITHDRAWALS, WithdrawalState
from services.ledger.bridge.store.withdrawals import Withdrawal, lock_withdrawal, save_withdrawal
from services.ledger.domain.accounts import AccountKind, union_account_id
from services.ledger.domain.results import Result
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry


async def note_sent(unit: UnitOfWork, union: UnionView, withdrawal_id: UUID, transaction_hash: str) -> None:
    await _move(unit, union, withdrawal_id, WithdrawalState.SENT, transaction_hash)


async def note_paid(
    unit: UnitOfWork, union: UnionView, withdrawal_id: UUID, transaction_hash: str | None
) -> None:
    """It is paid and final; the hash is None where a transaction that this database lost has paid it."""
    await _move(unit, union, withdrawal_id, WithdrawalState.FINAL, transaction_hash)


async def return_withdrawal(unit: UnitOfWork, union: UnionView, withdrawal_id: UUID, reason: str) -> None:
    """It can never be paid: the amount goes back to the member's account."""
    head = await lock_books(unit, union)
    withdrawal = await _move(unit, union, withdrawal_id, WithdrawalState.RETURNED, None)
    if withdrawal is None:
        return
    request = TransferRequest(
        id=derived_id(withdrawal.id, "return"),
        debit_account=union_account_id(union.id, AccountKind.BRIDGE),
        credit_account=withdrawal.account_id,
        asset=union.token.symbol,
        amount_minor=withdrawal.amount_minor,
        code=Code.WITHDRAWAL_RETURN.word,
    )
    posted = await post_entry(unit, union, head, LEDGER, [request])
    assert posted.answers[0].result in (Result.POSTED, Result.EXISTS)
    unit.record_act(
        "rule: the chain refused it for ever",
        f"withdrawals/{withdrawal.id}",
        {"reason": reason[:200]},
        union_id=union.id,
        on_behalf_of=str(withdrawal.member_id),
    )


def publish_withdrawal(unit: UnitOfWork, asset: str, withdrawal: Withdrawal) -> None:
    unit.publish(
        WithdrawalEvent(
            union_id=withdrawal.union_id,
            withdrawal_id=withdrawal.id,
            version=withdrawal.version,
            member_id=withdrawal.member_id,
            state=withdrawal.state.value,
            asset=asset,
            minor=withdrawal.amount_minor,
            changed_at=withdrawal.changed_at,
        )
    )


async def _move(
    unit: UnitOfWork,
    union: UnionView,
    withdrawal_id: UUID,
    state: WithdrawalState,
    transaction_hash: str | None,
) -> Withdrawal | None:
    """The withdrawal in its new state; None where it is in it, or at its end, already."""
    raw = await unit.raw()
    found = await lock_withdrawal(raw, union.id, withdrawal_id)
    assert found is not None
    if found.state not in OPEN_WITHDRAWALS:
        return None
    if found.state is state and found.transaction_hash == transaction_hash:
        return None
    moved = replace(
        found,
        state=state,
        transaction_hash=transaction_hash or found.transaction_hash,
        version=found.version + 1,
        changed_at=unit.now,
    )
    await save_withdrawal(raw, moved)
    publish_withdrawal(unit, union.token.symbol, moved)
    return moved
