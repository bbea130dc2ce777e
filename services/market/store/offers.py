"""Offers as rows."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.unit_of_work import UnitOfWork
from services.market.domain.offers import Offer, OfferKind, OfferState
from services.market.store import tables

OFFER_COLUMNS = tuple(field.name for field in fields(Offer))

_LOCK_MEMBER = """
SELECT pg_advisory_xact_lock(hashtextextended('offers:' || $1::text || $2::text, 0))
"""
_COUNT_OPEN = """
SELECT count(*) FROM offers WHERE union_id = $1 AND owner_id = $2 AND state = 'open'
"""
_INSERT = f"""
INSERT INTO offers ({", ".join(OFFER_COLUMNS)})
VALUES ({", ".join(f"${place}" for place in range(1, len(OFFER_COLUMNS) + 1))})
"""  # noqa: S608
_READ = "SELECT * FROM offers WHERE union_id = $1 AND offer_id = $2"
_LOCK = "SELECT * FROM offers WHERE union_id = $1 AND offer_id = $2 FOR UPDATE"
_SAVE = "UPDATE offers SET state = $3, version = $4 WHERE union_id = $1 AND offer_id = $2"


def offer_of(row: Any, prefix: str = "") -> Offer:
    """An offer from a row whose columns may carry a prefix."""
    values: dict[str, Any] = {name: row[prefix + name] for name in OFFER_COLUMNS}
    values["state"] = OfferState(values["state"])
    values["kind"] = OfferKind(values["kind"])
    return Offer(**values)


async def count_open_offers(unit: UnitOfWork, union_id: UUID, owner_id: UUID) -> int:
    """How many of the member's offers are open; holds back the member's other offers until the end."""
    raw = await unit.raw()
    await raw.execute(_LOCK_MEMBER, str(union_id), str(owner_id))
    return int(await raw.fetchval(_COUNT_OPEN, union_id, owner_id) or 0)


async def insert_offer(unit: UnitOfWork, offer: Offer) -> None:
    raw = await unit.raw()
    await raw.execute(_INSERT, *(getattr(offer, name) for name in OFFER_COLUMNS))


async def lock_offer(unit: UnitOfWork, union_id: UUID, offer_id: UUID) -> Offer | None:
    """The offer, held until the end: its lock orders all that happens to its bids and its agreement."""
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK, union_id, offer_id)
    return None if row is None else offer_of(row)


async def save_offer(unit: UnitOfWork, offer: Offer) -> None:
    raw = await unit.raw()
    await raw.execute(_SAVE, offer.union_id, offer.offer_id, offer.state, offer.version)


async def fetch_offer(unit: UnitOfWork, union_id: UUID, offer_id: UUID) -> Offer | None:
    raw = await unit.raw()
    row = await raw.fetchrow(_READ, union_id, offer_id)
    return None if row is None else offer_of(row)


async def list_offers(
    unit: UnitOfWork,
    union_id: UUID,
    *,
    state: OfferState | None,
    owner_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Offer]:
    """The newest first; `before` is the id of the last one of the page before."""
    offers = tables.offers
    query = select(offers).where(offers.c.union_id == union_id)
    if state is not None:
        query = query.where(offers.c.state == state)
    if owner_id is not None:
        query = query.where(offers.c.owner_id == owner_id)
    if before is not None:
        query = query.where(offers.c.offer_id < before)
    rows = await unit.fetch_all(query.order_by(offers.c.offer_id.desc()).limit(limit))
    return [offer_of(row) for row in rows]
