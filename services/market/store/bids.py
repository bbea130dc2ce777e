"""Bids as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.unit_of_work import UnitOfWork
from services.market.domain.bids import Bid, BidState
from services.market.domain.offers import Offer
from services.market.store import tables
from services.market.store.offers import OFFER_COLUMNS, offer_of

BID_COLUMNS = tuple(field.name for field in fields(Bid))

_SHARE_OFFER = """
SELECT pg_advisory_xact_lock(hashtextextended('bids:' || $1::text || $3::text, 0)), offers.*
FROM offers WHERE union_id = $1::text::uuid AND offer_id = $2 FOR SHARE
"""
_STANDING = """
SELECT count(*) FILTER (WHERE state = 'open') AS open_count,
       (array_agg(bid_id) FILTER (WHERE offer_id = $3 AND state IN ('open', 'accepted')))[1] AS bid_id
FROM bids WHERE union_id = $1 AND bidder_id = $2 AND state IN ('open', 'accepted')
"""
_INSERT = f"""
INSERT INTO bids ({", ".join(BID_COLUMNS)})
VALUES ({", ".join(f"${place}" for place in range(1, len(BID_COLUMNS) + 1))})
"""  # noqa: S608
# The offer first, always: its lock orders all that happens to its bids and its agreement.
_LOCK_WITH_OFFER = f"""
SELECT b.*, {", ".join(f"o.{name} AS offer_{name}" for name in OFFER_COLUMNS)}
FROM bids b JOIN offers o ON o.union_id = b.union_id AND o.offer_id = b.offer_id
WHERE b.union_id = $1 AND b.bid_id = $2 FOR UPDATE OF o, b
"""  # noqa: S608
_SAVE = "UPDATE bids SET state = $3 WHERE union_id = $1 AND bid_id = $2"
_DECLINE_OPEN = "UPDATE bids SET state = 'declined' WHERE union_id = $1 AND offer_id = $2 AND state = 'open'"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member has bid so far: open bids in the union, and the live one for this offer, if any."""

    open_count: int
    bid_id: UUID | None


def bid_of(row: Any) -> Bid:
    values: dict[str, Any] = {name: row[name] for name in BID_COLUMNS}
    values["state"] = BidState(values["state"])
    return Bid(**values)


async def share_offer(unit: UnitOfWork, union_id: UUID, offer_id: UUID, bidder_id: UUID) -> Offer | None:
    """The offer, kept from changing until the end; the bidder's other bids wait meanwhile."""
    raw = await unit.raw()
    row = await raw.fetchrow(_SHARE_OFFER, str(union_id), offer_id, str(bidder_id))
    return None if row is None else offer_of(row)


async def fetch_standing(unit: UnitOfWork, union_id: UUID, offer_id: UUID, bidder_id: UUID) -> Standing:
    raw = await unit.raw()
    row = await raw.fetchrow(_STANDING, union_id, bidder_id, offer_id)
    assert row is not None
    return Standing(row["open_count"], row["bid_id"])


async def insert_bid(unit: UnitOfWork, bid: Bid) -> None:
    raw = await unit.raw()
    await raw.execute(_INSERT, *(getattr(bid, name) for name in BID_COLUMNS))


async def lock_bid(unit: UnitOfWork, union_id: UUID, bid_id: UUID) -> tuple[Bid, Offer] | None:
    """The bid and its offer, both held until the end."""
    raw = await unit.raw()
    row = await raw.fetchrow(_LOCK_WITH_OFFER, union_id, bid_id)
    return None if row is None else (bid_of(row), offer_of(row, "offer_"))


async def save_bid_state(unit: UnitOfWork, union_id: UUID, bid_id: UUID, state: BidState) -> None:
    raw = await unit.raw()
    await raw.execute(_SAVE, union_id, bid_id, state)


async def decline_open_bids(unit: UnitOfWork, union_id: UUID, offer_id: UUID) -> None:
    """The offer has found its worker, or is withdrawn: what is still open is answered."""
    raw = await unit.raw()
    await raw.execute(_DECLINE_OPEN, union_id, offer_id)


async def list_bids(
    unit: UnitOfWork,
    union_id: UUID,
    offer_id: UUID,
    *,
    bidder_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Bid]:
    """The newest first; only one member's when `bidder_id` is given."""
    bids = tables.bids
    query = select(bids).where(bids.c.union_id == union_id, bids.c.offer_id == offer_id)
    if bidder_id is not None:
        query = query.where(bids.c.bidder_id == bidder_id)
    if before is not None:
        query = query.where(bids.c.bid_id < before)
    rows = await unit.fetch_all(query.order_by(bids.c.bid_id.desc()).limit(limit))
    return [bid_of(row) for row in rows]
