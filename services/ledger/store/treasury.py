"""Payments from the treasury as rows, and how much was spent by a holding in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.rights.grants import Charge
from services.ledger.store.postings import ActOfTransfer

if TYPE_CHECKING:
    import asyncpg

_ADD = """
INSERT INTO treasury_payments (union_id, officer_id, id, credit_account, amount_minor, holding_ids,
                               limits, device_key_id, nonce, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_SPEND = """
INSERT INTO office_spending AS before (union_id, holding_id, spent_minor)
SELECT $1, holding_id, $3 FROM unnest($2::uuid[]) AS charged (holding_id)
ON CONFLICT (union_id, holding_id) DO UPDATE SET spent_minor = before.spent_minor + excluded.spent_minor
"""
_PAGE = """
SELECT p.id, p.officer_id, p.credit_account, p.amount_minor, p.holding_ids, p.limits, p.paid_at,
       a.owner_id AS payee_id
FROM treasury_payments p JOIN accounts a ON a.union_id = p.union_id AND a.id = p.credit_account
WHERE p.union_id = $1 AND (p.paid_at, p.id) < ($2, $3) ORDER BY p.paid_at DESC, p.id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class TreasuryPayment:
    """What an officer paid from the treasury. `charges`: what it counted against; none: by the founder."""

    id: UUID
    officer_id: UUID
    credit_account: UUID
    amount_minor: int
    charges: tuple[Charge, ...]
    paid_at: datetime
    payee_id: UUID | None = None


async def is_paid(raw: asyncpg.Connection, union_id: UUID, officer_id: UUID, payment_id: UUID) -> bool:
    query = "SELECT 1 FROM treasury_payments WHERE union_id = $1 AND officer_id = $2 AND id = $3"
    return await raw.fetchval(query, union_id, officer_id, payment_id) is not None


async def spent_by(
    raw: asyncpg.Connection, union_id: UUID, holding_ids: Sequence[UUID]
) -> Mapping[UUID, int]:
    """Minor units by holding; one that spent nothing is left out."""
    rows = await raw.fetch(
        "SELECT holding_id, spent_minor FROM office_spending "
        "WHERE union_id = $1 AND holding_id = ANY($2::uuid[])",
        union_id,
        holding_ids,
    )
    return {row["holding_id"]: row["spent_minor"] for row in rows}


async def add_payment(
    raw: asyncpg.Connection, union_id: UUID, payment: TreasuryPayment, act: ActOfTransfer
) -> None:
    """With what each holding has spent; under the journal's lock."""
    holding_ids = [charge.holding_id for charge in payment.charges]
    await raw.execute(
        _ADD,
        union_id,
        payment.officer_id,
        payment.id,
        payment.credit_account,
        payment.amount_minor,
        holding_ids,
        [charge.limit_minor for charge in payment.charges],
        *act,
        payment.paid_at,
    )
    await raw.execute(_SPEND, union_id, holding_ids, payment.amount_minor)


async def payments_page(
    raw: asyncpg.Connection, union_id: UUID, before: tuple[datetime, UUID], limit: int
) -> Sequence[TreasuryPayment]:
    """The newest first."""
    rows = await raw.fetch(_PAGE, union_id, *before, limit)
    return [
        TreasuryPayment(
            row["id"],
            row["officer_id"],
            row["credit_account"],
            row["amount_minor"],
            tuple(map(Charge, row["holding_ids"], row["limits"])),
            row["paid_at"],
            row["payee_id"],
        )
        for row in rows
    ]
