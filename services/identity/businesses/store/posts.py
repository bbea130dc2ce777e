"""Managers and hires, from when to when, and the register of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import Post, PostEnding
from services.identity.businesses.store.businesses import post_of, rights_kept
from services.identity.store.shown_names import shown_name

_ADD = """
INSERT INTO business_posts (union_id, business_id, id, member_id, kind, under_id, rights, appointed_by,
                            begins_at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
"""
_SAVE_TERM = "UPDATE business_posts SET until = $4 WHERE union_id = $1 AND business_id = $2 AND id = $3"
_END = """
UPDATE business_posts SET ended_at = $4, ended_by = $5, why = $6
WHERE union_id = $1 AND business_id = $2 AND id = ANY ($3::uuid[]) AND ended_at IS NULL
"""
_REGISTER = f"""
SELECT p.*, m.handle, {shown_name("m", "$5")} AS name
FROM business_posts p JOIN members m ON m.id = p.member_id
WHERE p.union_id = $1 AND p.business_id = $2 AND ($3::uuid IS NULL OR p.id < $3)
  AND (NOT $6 OR (p.ended_at IS NULL AND p.until > $7))
ORDER BY p.id DESC LIMIT $4
"""  # noqa: S608 - made of this house's own text
_POSTS_OF = """
SELECT count(*) FROM business_posts
WHERE union_id = $1 AND member_id = $2 AND ended_at IS NULL AND until > $3
"""
# In the order in which they are locked.
_PLACES = """
SELECT business_id FROM business_shares WHERE union_id = $1 AND member_id = $2
UNION
SELECT business_id FROM business_posts
WHERE union_id = $1 AND member_id = $2 AND ended_at IS NULL AND until > $3
UNION
SELECT business_id FROM business_grants WHERE union_id = $1 AND member_id = $2 AND grants <> '[]'::jsonb
ORDER BY business_id
"""
_ANY_PLACE = """
SELECT DISTINCT member_id FROM (
    SELECT member_id FROM business_shares WHERE union_id = $1 AND member_id = ANY ($2::uuid[])
    UNION ALL
    SELECT member_id FROM business_posts
    WHERE union_id = $1 AND member_id = ANY ($2::uuid[]) AND ended_at IS NULL AND until > $3) AS placed
ORDER BY member_id
"""


@dataclass(frozen=True, slots=True)
class RegisteredPost:
    """A line of the register: `ended_at` and `why` where it ended before its term."""

    post: Post
    handle: str
    name: str
    ended_at: datetime | None
    why: str | None


async def add_post(unit: UnitOfWork, union_id: UUID, business_id: UUID, post: Post) -> None:
    await (await unit.raw()).execute(
        _ADD,
        union_id,
        business_id,
        post.id,
        post.member_id,
        post.kind.value,
        post.under_id,
        rights_kept(post.rights),
        post.appointed_by,
        post.begins_at,
        post.until,
    )


async def save_term(unit: UnitOfWork, union_id: UUID, business_id: UUID, post: Post) -> None:
    await (await unit.raw()).execute(_SAVE_TERM, union_id, business_id, post.id, post.until)


async def end_posts(
    unit: UnitOfWork,
    union_id: UUID,
    business_id: UUID,
    post_ids: Collection[UUID],
    by: UUID,
    why: PostEnding,
) -> None:
    raw = await unit.raw()
    await raw.execute(_END, union_id, business_id, list(post_ids), unit.now, by, why.value)


async def posts_page(
    unit: UnitOfWork,
    union_id: UUID,
    business_id: UUID,
    reader_id: UUID | None,
    before_id: UUID | None,
    limit: int,
    *,
    open_only: bool,
) -> Sequence[RegisteredPost]:
    """The newest first. `open_only`: neither ended nor over; of a hire whose manager rests, they rest."""
    rows = await (await unit.raw()).fetch(
        _REGISTER, union_id, business_id, before_id, limit, reader_id, open_only, unit.now
    )
    return [
        RegisteredPost(post_of(row), row["handle"], row["name"], row["ended_at"], row["why"]) for row in rows
    ]


async def posts_of(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> int:
    """How many the member has in the businesses of the union."""
    count: int | None = await (await unit.raw()).fetchval(_POSTS_OF, union_id, member_id, unit.now)
    return count or 0


async def places_of(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> Sequence[UUID]:
    """The businesses in which the member has shares or a post, or was told to have a right."""
    rows = await (await unit.raw()).fetch(_PLACES, union_id, member_id, unit.now)
    return [row["business_id"] for row in rows]


async def placed_among(unit: UnitOfWork, union_id: UUID, member_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Which of them have shares or a post in a business of the union: most members have none."""
    rows = await (await unit.raw()).fetch(_ANY_PLACE, union_id, list(member_ids), unit.now)
    return [row["member_id"] for row in rows]
