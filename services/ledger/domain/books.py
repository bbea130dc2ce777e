"""The books that the rules look at, as they are before a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.fees import NO_FEES, FeeRule
from services.ledger.domain.holds import Hold, HoldKey
from services.ledger.domain.mandates import Mandate, MandateKey

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Books:
    """What the rules look at: the accounts that are named, and what contributors have in escrows (by escrow
    id and contributor's account id).

    `moment`: the time of the entry that is written. `holds` and `mandates`: those that are named.
    `holds_counts`: how many are pending on an account that asks for another one. `fees`: of the charter in
    force; where it takes any, the treasury is among the accounts.
    """

    accounts: Mapping[UUID, Account]
    contributions: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict[tuple[UUID, UUID], int])
    last_sequence: int = 0
    moment: datetime = _LONG_AGO
    holds: Mapping[HoldKey, Hold] = field(default_factory=dict[HoldKey, Hold])
    mandates: Mapping[MandateKey, Mandate] = field(default_factory=dict[MandateKey, Mandate])
    holds_counts: Mapping[UUID, int] = field(default_factory=dict[UUID, int])
    fees: FeeRule = NO_FEES
    treasury_id: UUID | None = None
