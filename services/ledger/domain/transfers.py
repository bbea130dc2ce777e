"""Transfers as they are asked for, as they were answered before, and as they are posted."""

from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple
from uuid import UUID

from services.ledger.domain.results import Result


class Flag(IntFlag):
    """How a transfer is asked for. The bits are stored: they never change their meaning."""

    LINKED = 1
    """It and the next one of the batch succeed or fail together."""
    BALANCING_DEBIT = 2
    """As much as the debit account has, up to the amount."""
    BALANCING_CREDIT = 4
    """As much as the credit account has room for, up to the amount."""
    CLOSING_DEBIT = 8
    """It empties the debit account, an escrow of the asker, and closes it for ever."""


class Particulars(NamedTuple):
    """What only some codes have: how long a hold lasts, the hold that is ended, the mandate that is used; of
    what a schedule pays, the schedule in the mandate's place.

    A hold or mandate is one of the debit account: its id is unique among its owner's.
    """

    timeout_seconds: int | None = None
    pending_id: UUID | None = None
    mandate_id: UUID | None = None


NO_PARTICULARS = Particulars()
NO_FLAG = Flag(0)
BALANCING = Flag.BALANCING_DEBIT | Flag.BALANCING_CREDIT


@dataclass(frozen=True, slots=True)
class SignedDebit:
    """What a forwarded act lets a service take, after its signature and certificate were verified.

    `is_used`: the ledger has answered it for another transfer.
    """

    device_key_id: str
    nonce: str
    member_id: UUID
    asset: str
    amount_minor: int
    to: str
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class InvalidAct:
    """A forwarded act that did not hold, with the reason for the act log."""

    reason: str


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """One transfer of a batch. `code` is a word that may be unknown; amounts are minor units, of a balancing
    transfer the most that it may move."""

    id: UUID
    debit_account: UUID
    credit_account: UUID
    asset: str
    amount_minor: int
    code: str
    act: SignedDebit | InvalidAct | None = None
    memo: str | None = None
    flags: Flag = NO_FLAG
    particulars: Particulars | None = None


class PostedBefore(NamedTuple):
    """The content of a transfer that has this principal's id already; `amount_minor` is what it moved."""

    debit_account: UUID
    credit_account: UUID
    amount_minor: int
    code: str
    flags: Flag = NO_FLAG
    particulars: Particulars | None = None


class RefusedBefore(NamedTuple):
    """The answer that burnt the id: a refusal or CANCELLED."""

    result: Result


class Answer(NamedTuple):
    """The result for one id; `first_result` is what burnt it when the answer is ID_ALREADY_FAILED,
    `moved_minor` what a posted transfer moved, now or before."""

    id: UUID
    result: Result
    first_result: Result | None = None
    moved_minor: int | None = None


class Posting(NamedTuple):
    """A transfer as a row: `*_previous` are the sequence numbers of the accounts' rows before this one, 0
    where there is none, or where the transfer moves nothing."""

    sequence: int
    principal_id: UUID
    request: TransferRequest
    amount_minor: int
    debit_number: int
    credit_number: int
    debit_previous: int
    credit_previous: int
