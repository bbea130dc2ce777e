"""Agreements as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.offers import Offer
from services.market.store import tables
from services.market.store.offers import OFFER_COLUMNS, offer_of

AGREEMENT_COLUMNS = tuple(field.name for field in fields(Agreement))
_KEY = ("union_id", "agreement_id")
_FIXED = {*_KEY, "offer_id", "employer_id", "worker_id"}

_UPSERT = f"""
INSERT INTO agreements ({", ".join(AGREEMENT_COLUMNS)})
VALUES ({", ".join(f"${place}" for place in range(1, len(AGREEMENT_COLUMNS) + 1))})
ON CONFLICT (union_id, agreement_id) DO UPDATE SET
{", ".join(f"{name} = excluded.{name}" for name in AGREEMENT_COLUMNS if name not in _FIXED)}
"""  # noqa: S608
_FETCH_LOCKED = "SELECT * FROM agreements WHERE union_id = $1 AND agreement_id = $2 FOR UPDATE"
# The offer first, always: its lock orders all that happens to its bids and its agreement.
_LOCK_WITH_OFFER = f"""
SELECT a.*, {", ".join(f"o.{name} AS offer_{name}" for name in OFFER_COLUMNS)}
FROM agreements a JOIN offers o ON o.union_id = a.union_id AND o.offer_id = a.offer_id
WHERE a.union_id = $1 AND a.agreement_id = $2 FOR UPDATE OF o, a
"""  # noqa: S608
_FETCH = "SELECT * FROM agreements WHERE union_id = $1 AND agreement_id = $2"
_SUMMARY = """
SELECT
    coalesce(sum(price_minor) FILTER (WHERE state = 'paid' AND settled_at >= $2), 0) AS earned_minor,
    count(*) FILTER (WHERE state = 'paid' AND settled_at >= $2) AS paid_count,
    count(*) FILTER (WHERE state = 'refunded' AND settled_at >= $2) AS refunded_count,
    count(*) FILTER (WHERE settled_at IS NULL AND state <> 'unfunded') AS running_count,
    (SELECT count(*) FROM offers WHERE union_id = $1 AND state = 'open') AS open_offers_count
FROM agreements WHERE union_id = $1 AND (settled_at >= $2 OR settled_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class MarketSums:
    """What a union's market shows to everybody: sums and counts, no names."""

    earned_minor: int
    paid_count: int
    refunded_count: int
    running_count: int
    open_offers_count: int


def agreement_of(row: Any) -> Agreement:
    values: dict[str, Any] = {name: row[name] for name in AGREEMENT_COLUMNS}
    values["state"] = AgreementState(values["state"])
    return Agreement(**values)


async def save_agreement(unit: UnitOfWork, agreement: Agreement) -> None:
    """Insert it, or write what changed; who agreed with whom about which offer never changes."""
    raw = await unit.raw()
    await raw.execute(_UPSERT, *(getattr(agreement, name) for name in AGREEMENT_COLUMNS))


async def fetch_agreement_of_held_offer(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID
) -> Agreement | None:
    """For use while the offer's lock is held."""
    raw = await unit.raw()
    row = await raw.fetchrow(_FETCH_LOCKED, union_id, agreement_id)
    return None if row is None else agreement_of(row)


async def lock_agreement(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID
) -> tuple[Agreement, Offer] | None:
    """The agreement and its offer, both held until the end."""
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK_WITH_OFFER, union_id, agreement_id)
    return None if row is None else (agreement_of(row), offer_of(row, "offer_"))


async def fetch_agreement(unit: UnitOfWork, union_id: UUID, agreement_id: UUID) -> Agreement | None:
    raw = await unit.raw()
    row = await raw.fetchrow(_FETCH, union_id, agreement_id)
    return None if row is None else agreement_of(row)


async def list_agreements(
    unit: UnitOfWork,
    union_id: UUID,
    *,
    employer_id: UUID | None,
    worker_id: UUID | None,
    state: AgreementState | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Agreement]:
    """Those where either given party fits, the newest bids first."""
    agreements = tables.agreements
    parties = [
        column == member
        for column, member in ((agreements.c.employer_id, employer_id), (agreements.c.worker_id, worker_id))
        if member is not None
    ]
    query = select(agreements).where(agreements.c.union_id == union_id, or_(*parties))
    if state is not None:
        query = query.where(agreements.c.state == state)
    if before is not None:
        query = query.where(agreements.c.agreement_id < before)
    rows = await unit.fetch_all(query.order_by(agreements.c.agreement_id.desc()).limit(limit))
    return [agreement_of(row) for row in rows]


async def fetch_sums(unit: UnitOfWork, union_id: UUID, month_start: datetime) -> MarketSums:
    raw = await unit.raw()
    row = await raw.fetchrow(_SUMMARY, union_id, month_start)
    assert row is not None
    return MarketSums(**{name: int(value) for name, value in row.items()})
