"""What is open of one member, in all unions, in the order in which offers are locked."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork

_OFFERS = """
SELECT o.union_id, o.offer_id FROM offers o
WHERE o.union_id IN (SELECT union_id FROM memberships WHERE member_id = $1)
  AND o.owner_id = $1 AND o.state = 'open'
ORDER BY o.union_id, o.offer_id LIMIT $2
"""
_BIDS = """
SELECT b.union_id, b.bid_id FROM bids b
WHERE b.union_id IN (SELECT union_id FROM memberships WHERE member_id = $1)
  AND b.bidder_id = $1 AND b.state = 'open'
ORDER BY b.union_id, b.offer_id, b.bid_id LIMIT $2
"""


async def open_offers_of(unit: UnitOfWork, member_id: UUID, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Union and offer."""
    rows = await (await unit.raw()).fetch(_OFFERS, member_id, limit)
    return [(row["union_id"], row["offer_id"]) for row in rows]


async def open_bids_of(unit: UnitOfWork, member_id: UUID, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Union and bid."""
    rows = await (await unit.raw()).fetch(_BIDS, member_id, limit)
    return [(row["union_id"], row["bid_id"]) for row in rows]
