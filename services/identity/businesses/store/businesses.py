"""Businesses, and the roster of who owns them and works in them by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from chassis.rights.grants import BusinessRight
from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import (
    Business,
    BusinessState,
    HireRights,
    Post,
    PostKind,
)
from services.identity.businesses.domain.roster import Roster

_COLUMNS = (
    "b.union_id, b.id, b.name, b.state, b.shares_count, b.version, b.founded_by, b.founded_at, b.closed_at"
)
_FIND = f"SELECT {_COLUMNS} FROM businesses b WHERE b.union_id = $1 AND b.id = $2"  # noqa: S608 - own text
_ADD = """
INSERT INTO businesses (union_id, id, name, name_key, state, shares_count, version, founded_by, founded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
_SAVE = "UPDATE businesses SET state = $3, version = $4, closed_at = $5 WHERE union_id = $1 AND id = $2"
_COUNTS = """
SELECT (SELECT count(*) FROM businesses WHERE union_id = $1 AND state = 'active') AS of_union,
       (SELECT count(*) FROM businesses
        WHERE union_id = $1 AND founded_by = $2 AND state = 'active') AS of_founder
"""
_LINE = f"""
SELECT {_COLUMNS}, coalesce(s.shares, 0) AS own_shares,
       (SELECT count(*) FROM business_shares o WHERE (o.union_id, o.business_id) = (b.union_id, b.id))
           AS owners_count
FROM businesses b
LEFT JOIN business_shares s ON (s.union_id, s.business_id, s.member_id) = (b.union_id, b.id, $2)
"""  # noqa: S608 - made of this file's own text
_LIST = f"""
{_LINE} WHERE b.union_id = $1 AND ($3::uuid IS NULL OR b.id > $3)
ORDER BY b.id LIMIT $4
"""
# From the member's side: a union may have thousands of businesses.
_MINE = f"""
WITH mine AS (
    SELECT business_id FROM business_shares WHERE union_id = $1 AND member_id = $2
    UNION
    SELECT business_id FROM business_posts
    WHERE union_id = $1 AND member_id = $2 AND ended_at IS NULL AND until > $5)
{_LINE} JOIN mine ON mine.business_id = b.id WHERE b.union_id = $1 AND ($3::uuid IS NULL OR b.id > $3)
ORDER BY b.id LIMIT $4
"""  # noqa: S608 - made of this file's own text
_SHARES = """
SELECT s.member_id, s.shares, m.joined_at FROM business_shares s
LEFT JOIN memberships m ON (m.union_id, m.member_id) = (s.union_id, s.member_id) AND m.state = 'active'
WHERE s.union_id = $1 AND s.business_id = $2
"""
_POSTS = """
SELECT p.id, p.member_id, p.kind, p.under_id, p.rights, p.appointed_by, p.begins_at, p.until, m.joined_at
FROM business_posts p
LEFT JOIN memberships m ON (m.union_id, m.member_id) = (p.union_id, p.member_id) AND m.state = 'active'
WHERE p.union_id = $1 AND p.business_id = $2 AND p.ended_at IS NULL AND p.until > $3
"""


@dataclass(frozen=True, slots=True)
class ListedBusiness:
    """A line of the list; `own_shares`: the reader's."""

    business: Business
    owners_count: int
    own_shares: int


def name_key(name: str) -> str:
    return name.casefold()


def business_of(row: Any) -> Business:
    return Business(
        row["union_id"],
        row["id"],
        row["name"],
        BusinessState(row["state"]),
        row["shares_count"],
        row["version"],
        row["founded_by"],
        row["founded_at"],
        row["closed_at"],
    )


async def find_business(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, *, lock: bool = False
) -> Business | None:
    """Locked, nothing of it changes until the commit; memberships that it rests on are locked before it."""
    row = await (await unit.raw()).fetchrow(f"{_FIND} FOR UPDATE" if lock else _FIND, union_id, business_id)
    return None if row is None else business_of(row)


async def add_business(unit: UnitOfWork, business: Business) -> bool:
    """False where an open business of the union has the name."""
    done = await (await unit.raw()).execute(
        _ADD,
        business.union_id,
        business.id,
        business.name,
        name_key(business.name),
        business.state.value,
        business.shares_count,
        business.version,
        business.founded_by,
        business.founded_at,
    )
    return done == "INSERT 0 1"


async def save_business(unit: UnitOfWork, business: Business) -> None:
    await (await unit.raw()).execute(
        _SAVE, business.union_id, business.id, business.state.value, business.version, business.closed_at
    )


async def open_counts(unit: UnitOfWork, union_id: UUID, founder_id: UUID) -> tuple[int, int]:
    """Open businesses of the union, and those of them that this member founded."""
    row = await (await unit.raw()).fetchrow(_COUNTS, union_id, founder_id)
    assert row is not None
    return row["of_union"], row["of_founder"]


async def list_businesses(
    unit: UnitOfWork,
    union_id: UUID,
    reader_id: UUID | None,
    after_id: UUID | None,
    limit: int,
    *,
    own_only: bool,
) -> Sequence[ListedBusiness]:
    """In the order of their founding. `own_only`: in which the reader has shares or a post."""
    raw, place = await unit.raw(), (union_id, reader_id, after_id, limit)
    rows = await (raw.fetch(_MINE, *place, unit.now) if own_only else raw.fetch(_LIST, *place))
    return [ListedBusiness(business_of(row), row["owners_count"], row["own_shares"]) for row in rows]


async def load_roster(unit: UnitOfWork, business: Business) -> Roster:
    """Settings bound how much that is."""
    raw = await unit.raw()
    shares = await raw.fetch(_SHARES, business.union_id, business.id)
    posts = await raw.fetch(_POSTS, business.union_id, business.id, unit.now)
    return Roster(
        business,
        shares={row["member_id"]: row["shares"] for row in shares},
        posts={row["id"]: post_of(row) for row in posts},
        joined_at={
            row["member_id"]: row["joined_at"] for row in (*shares, *posts) if row["joined_at"] is not None
        },
    )


def post_of(row: Any) -> Post:
    return Post(
        row["id"],
        row["member_id"],
        PostKind(row["kind"]),
        row["under_id"],
        rights_of(row["rights"]),
        row["appointed_by"],
        row["begins_at"],
        row["until"],
    )


def rights_of(stored: Mapping[str, str | None]) -> HireRights:
    """Amounts are kept as digits: JSON of others rounds them."""
    return {BusinessRight(right): None if limit is None else int(limit) for right, limit in stored.items()}


def rights_kept(rights: HireRights) -> str:
    kept = {right.value: None if limit is None else str(limit) for right, limit in sorted(rights.items())}
    return orjson.dumps(kept).decode()
