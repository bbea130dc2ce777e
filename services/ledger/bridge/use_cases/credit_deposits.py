"""Credit deposits: each log of the vault once, however often it is read and in whichever block it stands."""

from collections.abc import Sequence
from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.ledger import DepositCredited
from services.ledger.bridge.domain.deposits import Credit, DepositLog, credit_of
from services.ledger.bridge.domain.errors import DepositNotClaimable, DepositNotFound, NotTheDepositor
from services.ledger.bridge.domain.states import DepositState, Unclaimed
from services.ledger.bridge.domain.words import id_of_word
from services.ledger.bridge.store.bridges import note_indexed
from services.ledger.bridge.store.deposits import (
    Deposit,
    lock_deposit,
    note_credited,
    note_unclaimed,
    see_deposit,
)
from services.ledger.domain.accounts import Account, AccountKind, member_account_id, union_account_id
from services.ledger.domain.journal import Head
from services.ledger.domain.results import Result
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.accounts import load_accounts
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import head_after, post_entry


async def credit_deposits(
    unit: UnitOfWork, union: UnionView, logs: Sequence[DepositLog], before: int, through: int
) -> bool:
    """The vault's logs of the blocks after `before` through `through`, all of them, in order.

    False, with nothing written, where another process has read these blocks meanwhile.
    """
    head = await lock_books(unit, union)
    raw = await unit.raw()
    if not await note_indexed(raw, union.id, before, through):
        return False
    named = {account for log in logs if (account := id_of_word(log.account)) is not None}
    accounts = await load_accounts(raw, union.id, named) if named else {}
    for log in logs:
        deposit_id = unit.ids.new()
        if not await see_deposit(raw, union.id, deposit_id, log, unit.now):
            continue
        account = accounts.get(id_of_word(log.account) or deposit_id)
        credit = credit_of(log, union.token.scale, account)
        if credit.unclaimed is not None or account is None:
            await note_unclaimed(
                raw, union.id, deposit_id, credit.amount_minor, credit.unclaimed or Unclaimed.NAMES_NOBODY
            )
            continue
        await _credit(unit, union, head, deposit_id, deposit_id, account, credit)
        head = await head_after(unit, union.id)
    return True


async def claim_deposit(
    unit: UnitOfWork, union: UnionView, deposit_id: UUID, member_id: UUID, wallets: frozenset[str]
) -> None:
    """Credit what named nobody to the member whose wallet sent it. Claiming it again changes nothing.

    Raises DepositNotFound, DepositNotClaimable, NotTheDepositor.
    """
    head = await lock_books(unit, union)
    raw = await unit.raw()
    deposit = await lock_deposit(raw, union.id, deposit_id)
    if deposit is None or (deposit.member_id is not None and deposit.member_id != member_id):
        raise DepositNotFound(deposit_id)
    if deposit.state is DepositState.CREDITED:
        return
    _check_claim(deposit, wallets)
    account_id = member_account_id(union.id, member_id)
    account = (await load_accounts(raw, union.id, [account_id])).get(account_id)
    if account is None:
        raise DepositNotClaimable(deposit_id, "the member has no account in this union")
    transfer_id = derived_id(deposit_id, "claim", str(member_id))
    credit = Credit(account_id, deposit.amount_minor)
    if not await _credit(unit, union, head, deposit_id, transfer_id, account, credit):
        raise DepositNotClaimable(deposit_id, Unclaimed.NOT_OWED.value)
    unit.record_act(
        "claim of the depositor's wallet",
        f"deposits/{deposit_id}",
        {"depositor": deposit.depositor},
        union_id=union.id,
    )


def _check_claim(deposit: Deposit, wallets: frozenset[str]) -> None:
    if deposit.unclaimed is not Unclaimed.NAMES_NOBODY or deposit.block_hash is None:
        reason = "the chain took it back" if deposit.block_hash is None else str(deposit.unclaimed)
        raise DepositNotClaimable(deposit.id, reason)
    if deposit.depositor not in wallets:
        raise NotTheDepositor(deposit.id, deposit.depositor)


async def _credit(
    unit: UnitOfWork,
    union: UnionView,
    head: Head,
    deposit_id: UUID,
    transfer_id: UUID,
    account: Account,
    credit: Credit,
) -> bool:
    """Move it from the bridge to the member; False where the books refuse."""
    assert credit.amount_minor is not None and account.owner_id is not None
    raw = await unit.raw()
    request = TransferRequest(
        id=transfer_id,
        debit_account=union_account_id(union.id, AccountKind.BRIDGE),
        credit_account=account.id,
        asset=union.token.symbol,
        amount_minor=credit.amount_minor,
        code=Code.DEPOSIT.word,
    )
    (answer,) = (await post_entry(unit, union, head, LEDGER, [request])).answers
    if answer.result is not Result.POSTED:
        await note_unclaimed(raw, union.id, deposit_id, credit.amount_minor, Unclaimed.NOT_OWED)
        return False
    await note_credited(
        raw, union.id, deposit_id, credit.amount_minor, transfer_id, account.owner_id, unit.now
    )
    unit.publish(
        DepositCredited(
            union_id=union.id,
            deposit_id=deposit_id,
            member_id=account.owner_id,
            asset=union.token.symbol,
            minor=credit.amount_minor,
            credited_at=unit.now,
        )
    )
    return True
