"""Transfers as they are asked for, as they were answered before, and as they are posted."""

from dataclasses import dataclass
from uuid import UUID

from services.ledger.domain.results import Result


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
    """One transfer of a batch. `code` is a word that may be unknown; amounts are minor units."""

    id: UUID
    debit_account: UUID
    credit_account: UUID
    asset: str
    amount_minor: int
    code: str
    act: SignedDebit | InvalidAct | None = None
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class PostedBefore:
    """The content of a transfer that has this principal's id already."""

    debit_account: UUID
    credit_account: UUID
    amount_minor: int
    code: str


@dataclass(frozen=True, slots=True)
class RefusedBefore:
    """The answer that burnt the id: a refusal or CANCELLED."""

    result: Result


@dataclass(frozen=True, slots=True)
class Answer:
    """The result for one id; `first_result` is what burnt it when the answer is ID_ALREADY_FAILED."""

    id: UUID
    result: Result
    first_result: Result | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A transfer as a row: `*_previous` are the sequence numbers of the accounts' rows before this one."""

    sequence: int
    request: TransferRequest
    debit_number: int
    credit_number: int
    debit_previous: int
    credit_previous: int
