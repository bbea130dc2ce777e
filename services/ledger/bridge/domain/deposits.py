"""A deposit as the chain tells it, and whom it credits."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.ledger.bridge.domain.amounts import minor_amount
from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.errors import AmountDoesNotDivide
from services.ledger.bridge.domain.states import Unclaimed
from services.ledger.bridge.domain.words import id_of_word
from services.ledger.domain.accounts import Account, AccountKind


@dataclass(frozen=True, slots=True)
class DepositLog:
    """A log of the vault. (`transaction_hash`, `ordinal`) is its identity.

    `ordinal` counts the vault's deposits inside one transaction. A transaction runs once on a chain, so the
    pair stays the same when another block comes to hold it; block and log index do not.
    """

    vault: str
    transaction_hash: str
    ordinal: int
    block: Block
    depositor: str
    account: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class RawDeposit:
    """A log before it is counted: `log_index` is its place in its block."""

    vault: str
    transaction_hash: str
    log_index: int
    block: Block
    depositor: str
    account: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class Credit:
    """The account that a deposit credits, in minor units; or why it credits nobody."""

    account_id: UUID | None
    amount_minor: int | None
    unclaimed: Unclaimed | None = None


def numbered(logs: Iterable[RawDeposit]) -> list[DepositLog]:
    """The logs in the chain's order, each with its place among its vault's deposits of one transaction."""
    counts: dict[tuple[str, str], int] = {}
    found: list[DepositLog] = []
    for log in sorted(logs, key=lambda log: (log.block.number, log.log_index)):
        ordinal = counts.get((log.vault, log.transaction_hash), 0)
        counts[log.vault, log.transaction_hash] = ordinal + 1
        found.append(
            DepositLog(
                log.vault, log.transaction_hash, ordinal, log.block, log.depositor, log.account, log.amount
            )
        )
    return found


def credit_of(log: DepositLog, scale: int, account: Account | None) -> Credit:
    """What follows from a log; `account` is the one that it names, where there is one."""
    try:
        amount_minor = minor_amount(log.amount, scale)
    except AmountDoesNotDivide:
        return Credit(None, None, Unclaimed.DOES_NOT_DIVIDE)
    if account is None or account.kind is not AccountKind.MEMBER or account.id != id_of_word(log.account):
        return Credit(None, amount_minor, Unclaimed.NAMES_NOBODY)
    return Credit(account.id, amount_minor)
