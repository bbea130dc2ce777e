"""Take a withdrawal: the amount moves to the bridge first, and is paid on the chain afterwards."""

from dataclasses import dataclass
from uuid import UUID

from chassis.membership import UnionView
from chassis.siwe import is_checksum_address
from chassis.unit_of_work import UnitOfWork
from services.ledger.bridge.domain.errors import (
    AddressMalformed,
    AddressNotPermitted,
    BridgeNotOpen,
    TooManyWithdrawals,
    WithdrawalRefused,
    WithdrawalTooSmall,
)
from services.ledger.bridge.domain.states import BridgeState, TransactionKind, WithdrawalState
from services.ledger.bridge.store.bridges import Bridge, find_bridge
from services.ledger.bridge.store.transactions import write_transaction
from services.ledger.bridge.store.withdrawals import Withdrawal, open_count, write_withdrawal
from services.ledger.bridge.use_cases.move_withdrawal import publish_withdrawal
from services.ledger.domain.accounts import AccountKind, member_account_id, union_account_id
from services.ledger.domain.errors import WrongAsset
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code, withdrawing_principal
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry

ZERO = f"0x{'0' * 40}"


@dataclass(frozen=True, slots=True)
class WithdrawalLimits:
    """How little may be withdrawn, and how many of a member's may be on their way."""

    minor_min: int
    open_max: int


@dataclass(frozen=True, slots=True)
class WithdrawalDraft:
    """What the member's act says."""

    asset: str
    amount_minor: int
    recipient: str


async def request_withdrawal(
    unit: UnitOfWork,
    union: UnionView,
    member_id: UUID,
    draft: WithdrawalDraft,
    limits: WithdrawalLimits,
    own_act: ActOfTransfer,
) -> Withdrawal:
    """Raises BridgeNotOpen, WrongAsset, AddressMalformed, AddressNotPermitted, WithdrawalTooSmall,
    TooManyWithdrawals, WithdrawalRefused."""
    raw = await unit.raw()
    _check(union, await find_bridge(raw, union.id), draft, limits)
    head = await lock_books(unit, union)
    if await open_count(raw, union.id, member_id) >= limits.open_max:
        raise TooManyWithdrawals(limits.open_max)
    made = Withdrawal(
        union_id=union.id,
        id=unit.ids.new(),
        member_id=member_id,
        account_id=member_account_id(union.id, member_id),
        recipient=draft.recipient,
        amount_minor=draft.amount_minor,
        state=WithdrawalState.REQUESTED,
        transaction_hash=None,
        version=1,
        requested_at=unit.now,
        changed_at=unit.now,
    )
    request = TransferRequest(
        id=made.id,
        debit_account=made.account_id,
        credit_account=union_account_id(union.id, AccountKind.BRIDGE),
        asset=draft.asset,
        amount_minor=draft.amount_minor,
        code=Code.WITHDRAWAL.word,
    )
    posted = await post_entry(unit, union, head, withdrawing_principal(member_id), [request], own_act)
    if posted.answers[0].result is not Result.POSTED:
        raise WithdrawalRefused(posted.answers[0].result.value)
    await write_withdrawal(raw, made)
    bridge = await find_bridge(raw, union.id)
    assert bridge is not None
    await write_transaction(raw, union.id, made.id, TransactionKind.RELEASE, bridge.chain_id, unit.now)
    publish_withdrawal(unit, union.token.symbol, made)
    unit.record_act(
        "withdraw from the own account",
        f"withdrawals/{made.id}",
        {"recipient": made.recipient, "amount_minor": str(made.amount_minor)},
        union_id=union.id,
    )
    return made


def _check(union: UnionView, bridge: Bridge | None, draft: WithdrawalDraft, limits: WithdrawalLimits) -> None:
    if bridge is None or bridge.state is not BridgeState.OPEN:
        raise BridgeNotOpen("none" if bridge is None else bridge.state.value)
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    if not is_checksum_address(draft.recipient):
        raise AddressMalformed(draft.recipient)
    if draft.recipient in (ZERO, bridge.vault, bridge.token):
        raise AddressNotPermitted(draft.recipient)
    if draft.amount_minor < limits.minor_min:
        raise WithdrawalTooSmall(limits.minor_min)
