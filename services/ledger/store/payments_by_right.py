"""Payments by a right to spend, of the treasury and of businesses, and what each holding has spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.rights.grants import Charge, Ground
from services.ledger.domain.accounts import AccountKind
from services.ledger.store.postings import ActOfTransfer

if TYPE_CHECKING:
    import asyncpg

_ADD_OF_TREASURY = """
INSERT INTO treasury_payments (union_id, officer_id, id, credit_account, amount_minor, holding_ids,
                               limits, device_key_id, nonce, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_ADD_OF_BUSINESS = """
INSERT INTO business_payments (union_id, payer_id, id, credit_account, amount_minor, holding_ids,
                               limits, device_key_id, nonce, paid_at, business_id, holding_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_SPEND = """
INSERT INTO {counter} AS before (union_id, holding_id, spent_minor)
SELECT $1, holding_id, $3 FROM unnest($2::uuid[]) AS charged (holding_id)
ON CONFLICT (union_id, holding_id) DO UPDATE SET spent_minor = before.spent_minor + excluded.spent_minor
"""
_SPENT = "SELECT holding_id, spent_minor FROM {counter} WHERE union_id = $1 AND holding_id = ANY($2::uuid[])"
_IS_PAID = "SELECT 1 FROM {table} WHERE union_id = $1 AND {payer} = $2 AND id = $3"
_PAGE = """
SELECT p.id, p.{payer} AS payer_id, p.credit_account, p.amount_minor, p.holding_ids, p.limits, p.paid_at,
       {holding} AS holding_id, a.owner_id AS payee_id, a.kind AS payee_kind
FROM {table} p JOIN accounts a ON a.union_id = p.union_id AND a.id = p.credit_account
WHERE p.union_id = $1 AND (p.paid_at, p.id) < ($2, $3) {of}
ORDER BY p.paid_at DESC, p.id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class PaymentBook:
    """The statements of one kind of payments, and of its counter by holding."""

    is_paid: str
    spent: str
    spend: str
    page: str


def _book(table: str, payer: str, counter: str, holding: str, of: str) -> PaymentBook:
    return PaymentBook(
        _IS_PAID.format(table=table, payer=payer),
        _SPENT.format(counter=counter),
        _SPEND.format(counter=counter),
        _PAGE.format(table=table, payer=payer, holding=holding, of=of),
    )


OF_TREASURY = _book("treasury_payments", "officer_id", "office_spending", "p.holding_ids[1]", "")
OF_BUSINESSES = _book(
    "business_payments", "payer_id", "business_spending", "p.holding_id", "AND p.business_id = $5"
)


@dataclass(frozen=True, slots=True)
class PaymentByRight:
    """What somebody paid by a right to spend. `ground`: by which holding, and what it counts against.
    `business_id`: whose account it left; None: the treasury's. The payee is known of what was paid."""

    id: UUID
    payer_id: UUID
    credit_account: UUID
    amount_minor: int
    ground: Ground
    paid_at: datetime
    business_id: UUID | None = None
    payee_id: UUID | None = None
    payee_kind: AccountKind = AccountKind.MEMBER


async def is_paid(
    raw: asyncpg.Connection, book: PaymentBook, union_id: UUID, payer_id: UUID, payment_id: UUID
) -> bool:
    return await raw.fetchval(book.is_paid, union_id, payer_id, payment_id) is not None


async def spent_by(
    raw: asyncpg.Connection, book: PaymentBook, union_id: UUID, holding_ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """Minor units by holding; one that spent nothing is left out."""
    rows = await raw.fetch(book.spent, union_id, holding_ids)
    return {row["holding_id"]: row["spent_minor"] for row in rows}


async def add_payment(
    raw: asyncpg.Connection, book: PaymentBook, union_id: UUID, payment: PaymentByRight, act: ActOfTransfer
) -> None:
    """With what each holding has spent; under the journal's lock."""
    holding_ids = [charge.holding_id for charge in payment.ground.charges]
    row = (
        union_id,
        payment.payer_id,
        payment.id,
        payment.credit_account,
        payment.amount_minor,
        holding_ids,
        [charge.limit_minor for charge in payment.ground.charges],
        *act,
        payment.paid_at,
    )
    if payment.business_id is None:
        await raw.execute(_ADD_OF_TREASURY, *row)
    else:
        await raw.execute(_ADD_OF_BUSINESS, *row, payment.business_id, payment.ground.holding_id)
    await raw.execute(book.spend, union_id, holding_ids, payment.amount_minor)


async def payments_of_treasury(
    raw: asyncpg.Connection, union_id: UUID, before: tuple[datetime, UUID], limit: int
) -> Sequence[PaymentByRight]:
    """The newest first."""
    rows = await raw.fetch(OF_TREASURY.page, union_id, *before, limit)
    return [_payment(row, None) for row in rows]


async def payments_of_business(
    raw: asyncpg.Connection, union_id: UUID, business_id: UUID, before: tuple[datetime, UUID], limit: int
) -> Sequence[PaymentByRight]:
    """The newest first."""
    rows = await raw.fetch(OF_BUSINESSES.page, union_id, *before, limit, business_id)
    return [_payment(row, business_id) for row in rows]


def _payment(row: Any, business_id: UUID | None) -> PaymentByRight:
    return PaymentByRight(
        row["id"],
        row["payer_id"],
        row["credit_account"],
        row["amount_minor"],
        Ground(row["holding_id"], tuple(map(Charge, row["holding_ids"], row["limits"]))),
        row["paid_at"],
        business_id,
        row["payee_id"],
        AccountKind(row["payee_kind"]),
    )
