"""Accounts, principals and requests that the tests of the ledger's rules are about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.books import Books
from services.ledger.domain.holds import Hold, HoldState
from services.ledger.domain.mandates import Mandate, MandateUse
from services.ledger.domain.posting import Part, Posted, post_parts
from services.ledger.domain.rights import Principal, PrincipalKind, member_principal, named_principal
from services.ledger.domain.transfers import (
    NO_FLAG,
    Flag,
    Particulars,
    PostedBefore,
    RefusedBefore,
    SignedDebit,
    TransferRequest,
)

NAMESPACE = UUID("00000000-0000-4000-8000-000000000001")


def named(name: str) -> UUID:
    """A fixed id for a name."""
    return uuid5(NAMESPACE, name)


PAYER, PAYEE, FOUNDER = named("payer"), named("payee"), named("founder")
LEDGER = named_principal(PrincipalKind.LEDGER)
MARKET = named_principal(PrincipalKind.MARKET)
FUNDING = named_principal(PrincipalKind.FUNDING)
BY_PAYER = member_principal(PAYER)
BAKERY = named("bakery")

ISSUANCE = Account(named("issuance"), 1, AccountKind.ISSUANCE, "GLD", balance_minor=-1_000_000)
TREASURY = Account(named("treasury"), 2, AccountKind.TREASURY, "GLD", balance_minor=500_000)
EARLY = Account(named("early"), 3, AccountKind.EARLY_MEMBERS, "GLD", balance_minor=100_000)
PURSE = Account(named("purse"), 4, AccountKind.MEMBER, "GLD", 1_000, owner_id=PAYER)
OTHER = Account(named("other"), 5, AccountKind.MEMBER, "GLD", 1_000, owner_id=PAYEE)
LOCKED = Account(named("locked"), 6, AccountKind.GRANT, "GLD", 250, owner_id=PAYER)
SILVER = Account(named("silver"), 7, AccountKind.MEMBER, "SLV", 1_000, owner_id=PAYER)
FULL = Account(named("full"), 8, AccountKind.MEMBER, "GLD", 2**62, owner_id=PAYEE)
AGREEMENT = Account(
    named("agreement"),
    9,
    AccountKind.ESCROW,
    "GLD",
    400,
    opened_by=MARKET.id,
    resource="agreements/one",
    payees=frozenset({OTHER.id}),
    exit_to=PURSE.id,
)
FROZEN = Account(
    named("frozen"),
    11,
    AccountKind.MEMBER,
    "GLD",
    1_000,
    owner_id=PAYER,
    frozen_until=datetime(2027, 5, 2, tzinfo=UTC),
)
CLOSED = Account(
    named("closed"),
    12,
    AccountKind.ESCROW,
    "GLD",
    opened_by=MARKET.id,
    resource="agreements/two",
    payees=frozenset({OTHER.id}),
    exit_to=PURSE.id,
    closed_sequence=7,
)
PROJECT = Account(
    named("project"),
    10,
    AccountKind.ESCROW,
    "GLD",
    700,
    opened_by=FUNDING.id,
    resource="projects/one",
    payees=frozenset({OTHER.id, TREASURY.id}),
)

BAKERYS = Account(named("bakery's"), 13, AccountKind.BUSINESS, "GLD", 800, owner_id=BAKERY)
MILLS = Account(named("mill's"), 14, AccountKind.BUSINESS, "GLD", 50, owner_id=named("mill"), is_shut=True)
ACCOUNTS = {
    account.id: account
    for account in (
        ISSUANCE,
        TREASURY,
        EARLY,
        PURSE,
        OTHER,
        LOCKED,
        SILVER,
        FULL,
        AGREEMENT,
        PROJECT,
        FROZEN,
        CLOSED,
        BAKERYS,
        MILLS,
    )
}
HOLDS_MAX = 3
NOW = datetime(2027, 5, 1, tzinfo=UTC)
LATER, BEFORE_NOW = NOW + timedelta(days=1), NOW - timedelta(seconds=1)


def held(name: str, state: HoldState = HoldState.PENDING, expires_at: datetime = LATER) -> Hold:
    """100 of the purse, for the other account."""
    return Hold(named(name), 50, PURSE.id, OTHER.id, 100, expires_at, state)


def mandate(name: str, **changes: Any) -> Mandate:
    """300 of the purse every 30 days, for the other account; 100 are used in this period."""
    given = Mandate(
        named(name), PURSE.id, OTHER.id, 300, 30, NOW - timedelta(days=45), LATER, use=MandateUse(1, 100)
    )
    return replace(given, **changes)


HOLDS = {
    hold.key: hold
    for hold in (
        held("pending"),
        held("posted", HoldState.POSTED),
        held("voided", HoldState.VOIDED),
        held("expired", HoldState.EXPIRED),
        held("overdue", expires_at=NOW),
    )
}
MANDATES = {
    one.key: one
    for one in (
        mandate("mandate"),
        mandate("revoked", revoked_at=BEFORE_NOW),
        mandate("ended", expires_at=NOW),
        mandate("for another", payee_account=FULL.id),
    )
}
CONTRIBUTIONS = {(PROJECT.id, PURSE.id): 300, (PROJECT.id, OTHER.id): 400}


def request(
    debit: Account,
    credit: Account,
    amount_minor: int,
    code: str,
    *,
    name: str = "transfer",
    act: SignedDebit | None = None,
    asset: str = "GLD",
    flags: Flag = NO_FLAG,
    particulars: Particulars | None = None,
) -> TransferRequest:
    return TransferRequest(
        named(name),
        debit.id,
        credit.id,
        asset,
        amount_minor,
        code,
        act,
        flags=flags,
        particulars=particulars,
    )


def post_batch(
    batch: Sequence[TransferRequest],
    principal: Principal,
    books: Books,
    earlier: Mapping[UUID, PostedBefore | RefusedBefore] | None = None,
) -> Posted:
    """What comes of one principal's batch."""
    return post_parts([Part(principal, batch, earlier or {}, HOLDS_MAX)], books)


def signed_debit(
    to: str, amount_minor: int, *, member_id: UUID = PAYER, asset: str = "GLD", nonce: str = "nonce"
) -> SignedDebit:
    return SignedDebit("device", nonce, member_id, asset, amount_minor, to)
