"""Accounts: their kinds, how their ids derive from what they are, and how a request refers to one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.errors import BadAccountReference
from services.ledger.domain.pending import NOTHING_PENDING, Pending

LEDGER_NAMESPACE = UUID("6c6ef0b7-8a3b-4d0e-9c55-2f7d1b6a9e40")


class AccountKind(StrEnum):
    ISSUANCE = "issuance"
    TREASURY = "treasury"
    EARLY_MEMBERS = "early_members"
    MEMBER = "member"
    GRANT = "grant"
    VESTING = "vesting"
    """The founder's share of the genesis, as far as it is not theirs yet."""
    ESCROW = "escrow"
    BRIDGE = "bridge"
    """What is outside on a chain, or on its way there."""
    BUSINESS = "business"
    """Of a business of members: its owner id is the business'."""


UNION_KINDS = (AccountKind.ISSUANCE, AccountKind.TREASURY, AccountKind.EARLY_MEMBERS)
"""One of each in a union; they belong to the union itself."""

OFFICER_KINDS = (*UNION_KINDS, AccountKind.BRIDGE)
"""What officers see of the union's own; a union has a bridge's account once it has a bridge."""

MEMBER_KINDS = (AccountKind.MEMBER, AccountKind.GRANT, AccountKind.VESTING)
"""At most one of each for a member of a union."""

REFERRED_KINDS = {kind.value: kind for kind in (AccountKind.TREASURY, AccountKind.ISSUANCE)}
"""The union's own accounts that a request refers to by their kind."""

OWNERS_NOUNS = {"members": AccountKind.MEMBER, "businesses": AccountKind.BUSINESS}
"""The accounts that a request refers to by a noun and their owner's id."""

_IDS_REMEMBERED = 16_384
"""Of accounts that were named last: deriving an id costs as much as the rules of a payment."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its balance, as the rules see it.

    `opened_by` is the principal id of the service that opened an escrow. Its money leaves only to `payees`
    and to `exit_to`; an escrow without `exit_to` returns to each contributor at most what they put in.
    `closed_sequence`: the transfer that closed it, 0 where none has. `is_shut`: its business has closed,
    nothing is credited to it.
    """

    id: UUID
    number: int
    kind: AccountKind
    asset: str
    balance_minor: int = 0
    last_sequence: int = 0
    owner_id: UUID | None = None
    opened_by: UUID | None = None
    resource: str | None = None
    payees: frozenset[UUID] = frozenset()
    exit_to: UUID | None = None
    pending: Pending = NOTHING_PENDING
    frozen_until: datetime | None = None
    closed_sequence: int = 0
    is_shut: bool = False

    @property
    def may_be_negative(self) -> bool:
        return self.kind is AccountKind.ISSUANCE

    @property
    def returns_to_contributors(self) -> bool:
        return self.kind is AccountKind.ESCROW and self.exit_to is None

    def is_frozen_at(self, moment: datetime) -> bool:
        return self.frozen_until is not None and moment < self.frozen_until


@lru_cache(_IDS_REMEMBERED)
def union_account_id(union_id: UUID, kind: AccountKind) -> UUID:
    """The id of the union's own account of this kind."""
    return derived_id(LEDGER_NAMESPACE, str(union_id), kind.value)


@lru_cache(_IDS_REMEMBERED)
def member_account_id(union_id: UUID, member_id: UUID, kind: AccountKind = AccountKind.MEMBER) -> UUID:
    """The id of the member's account of this kind in this union."""
    return derived_id(LEDGER_NAMESPACE, str(union_id), kind.value, str(member_id))


def business_account_id(union_id: UUID, business_id: UUID) -> UUID:
    """The id of the account of a business in this union."""
    return member_account_id(union_id, business_id, AccountKind.BUSINESS)


def referred_account(union_id: UUID, reference: str) -> UUID:
    """The account that a request means: an id, `members/<member id>`, `businesses/<business id>`, `treasury`
    or `issuance`.

    Raises BadAccountReference when it is none of these.
    """
    kind = REFERRED_KINDS.get(reference)
    if kind is not None:
        return union_account_id(union_id, kind)
    head, slash, tail = reference.partition("/")
    owners_kind = OWNERS_NOUNS.get(head) if slash else None
    text = reference if owners_kind is None else tail
    try:
        named = UUID(text)
    except ValueError:
        raise BadAccountReference(reference) from None
    if str(named) != text.lower():
        raise BadAccountReference(reference)
    return named if owners_kind is None else member_account_id(union_id, named, owners_kind)
