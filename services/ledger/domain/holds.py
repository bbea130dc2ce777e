"""Holds: what a member reserves for a payee, until the payee takes or releases it, or its time ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code

TIMEOUT_MAX_SECONDS = 7 * 24 * 60 * 60
"""A hold is an authorisation; what has to wait longer is an escrow."""


class HoldState(StrEnum):
    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"
    EXPIRED = "expired"


STATE_AFTER = {
    Code.HOLD: HoldState.PENDING,
    Code.HOLD_POST: HoldState.POSTED,
    Code.HOLD_VOID: HoldState.VOIDED,
    Code.HOLD_EXPIRE: HoldState.EXPIRED,
}
"""The state that a transfer of this code leaves its hold in."""

_CLOSED_AS = {
    HoldState.POSTED: Result.PENDING_ALREADY_POSTED,
    HoldState.VOIDED: Result.PENDING_ALREADY_VOIDED,
    HoldState.EXPIRED: Result.PENDING_EXPIRED,
}

HoldKey = tuple[UUID, UUID]
"""The debit account's id, and the id of the transfer that opened the hold: unique among its owner's."""


@dataclass(frozen=True, slots=True)
class Hold:
    """`taken_minor`: what its payee took; the rest went back. `closed_sequence`: what ended it."""

    id: UUID
    sequence: int
    debit_account: UUID
    credit_account: UUID
    amount_minor: int
    expires_at: datetime
    state: HoldState = HoldState.PENDING
    taken_minor: int = 0
    closed_sequence: int | None = None

    @property
    def key(self) -> HoldKey:
        return (self.debit_account, self.id)

    def is_due(self, moment: datetime) -> bool:
        """At its very time a hold is expired."""
        return self.state is HoldState.PENDING and self.expires_at <= moment


def timeout_fault(seconds: int | None) -> Result | None:
    """Why a hold cannot last so long."""
    return None if seconds is not None and 1 <= seconds <= TIMEOUT_MAX_SECONDS else Result.TIMEOUT_INVALID


def closing_fault(
    hold: Hold | None, credit_account: UUID, code: Code, amount_minor: int, moment: datetime
) -> Result | None:
    """Why the hold cannot be ended like this: taken in part or in full, or released whole."""
    if hold is None or hold.credit_account != credit_account:
        return Result.PENDING_NOT_FOUND
    if hold.state is not HoldState.PENDING:
        return _CLOSED_AS[hold.state]
    if hold.is_due(moment) and code is not Code.HOLD_EXPIRE:
        return Result.PENDING_EXPIRED
    if amount_minor > hold.amount_minor:
        return Result.AMOUNT_ABOVE_PENDING
    if code is not Code.HOLD_POST and amount_minor < hold.amount_minor:
        return Result.AMOUNT_BELOW_PENDING
    return None
