"""The promises about businesses: no share is lost, and nobody holds a right that no living chain gives.

What is owned is counted from every move of shares, and what holds is derived a second time, from raw rows.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

# Without an owner a business is closed, and its shares ended with the last.
_NOT_ALL = """
SELECT b.union_id, b.id AS business_id FROM businesses b
LEFT JOIN business_shares s ON (s.union_id, s.business_id) = (b.union_id, b.id)
GROUP BY b.union_id, b.id
HAVING coalesce(sum(s.shares), 0) <> CASE WHEN b.state = 'closed' AND count(s.shares) = 0 THEN 0
                                          ELSE b.shares_count END
"""
_MOVED_OTHERWISE = """
WITH moved AS (
    SELECT union_id, business_id, to_id AS member_id, shares FROM business_share_changes
    UNION ALL SELECT union_id, business_id, from_id, -shares FROM business_share_changes),
counted AS (
    SELECT union_id, business_id, member_id, sum(shares) AS shares FROM moved WHERE member_id IS NOT NULL
    GROUP BY union_id, business_id, member_id HAVING sum(shares) <> 0)
SELECT union_id, business_id, member_id
FROM counted FULL JOIN business_shares s USING (union_id, business_id, member_id)
WHERE counted.shares IS DISTINCT FROM s.shares
"""
_NOT_ISSUED_ONCE = """
SELECT b.union_id, b.id AS business_id FROM businesses b
LEFT JOIN business_share_changes c ON (c.union_id, c.business_id) = (b.union_id, b.id) AND c.from_id IS NULL
GROUP BY b.union_id, b.id HAVING count(c.id) <> 1 OR sum(c.shares) <> b.shares_count
"""
_TOO_FEW = """
SELECT r.union_id, r.business_id, r.id AS resolution_id FROM business_resolutions r
JOIN businesses b ON (b.union_id, b.id) = (r.union_id, r.business_id)
WHERE r.passed_at IS NOT NULL AND (
    2 * r.passed_shares::numeric <= b.shares_count OR r.passed_at >= r.expires_at
    OR NOT EXISTS (SELECT FROM business_approvals a
                   WHERE (a.union_id, a.business_id, a.resolution_id) = (r.union_id, r.business_id, r.id)))
"""
# A manager is appointed by a resolution that passed in that moment, and their term is that or another's that
# passed while they managed; a hire by a manager, for no longer.
_NOT_THEIRS_TO_GIVE = """
SELECT p.union_id, p.id AS post_id FROM business_posts p
LEFT JOIN business_posts a ON (a.union_id, a.business_id, a.id) = (p.union_id, p.business_id, p.under_id)
WHERE CASE p.kind WHEN 'manager' THEN p.under_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM business_resolutions r
        JOIN business_resolutions t USING (union_id, business_id, member_id, kind)
        WHERE (union_id, business_id, member_id, r.passed_at)
              = (p.union_id, p.business_id, p.member_id, p.begins_at)
          AND kind = 'appoint' AND t.passed_at BETWEEN p.begins_at AND coalesce(p.ended_at, p.until)
          AND p.until = t.passed_at + make_interval(secs => t.term_seconds))
      ELSE a.kind IS DISTINCT FROM 'manager' OR a.member_id <> p.appointed_by OR a.begins_at > p.begins_at
        OR a.until < p.until OR coalesce(a.ended_at, a.until) < p.begins_at END
"""
_OUTLIVING = """
SELECT p.union_id, p.id AS post_id, p.under_id FROM business_posts p
JOIN business_posts a ON (a.union_id, a.business_id, a.id) = (p.union_id, p.business_id, p.under_id)
WHERE a.ended_at IS NOT NULL AND (p.ended_at IS NULL OR p.ended_at > a.ended_at) AND p.until > a.ended_at
"""
_OWNERS = """
SELECT s.union_id, s.business_id, s.member_id FROM business_shares s
JOIN memberships m ON (m.union_id, m.member_id) = (s.union_id, s.member_id) AND m.state = 'active'
"""
_POSTS = """
SELECT p.union_id, p.business_id, p.id, p.member_id, p.kind, p.under_id, p.rights, p.until
FROM business_posts p
JOIN businesses b ON (b.union_id, b.id) = (p.union_id, p.business_id)
     AND (b.state = 'active' OR p.kind = 'manager')
JOIN memberships m ON (m.union_id, m.member_id) = (p.union_id, p.member_id)
WHERE p.ended_at IS NULL AND p.until > $1 AND m.state = 'active' AND m.joined_at <= p.begins_at
"""
_TOLD = """
SELECT g.union_id, g.business_id, g.member_id, one.* FROM business_grants g CROSS JOIN LATERAL
    jsonb_to_recordset(g.grants) AS one ("right" text, holding_id uuid, until timestamptz, charges jsonb)
WHERE one.until > $1
"""
_MANAGERS_MAY = ("audit", "spend")
_Right = tuple[UUID, UUID, UUID, str, UUID, int | None]
"""Union, business, member, right, by what, and up to how much."""


async def businesses(house: House) -> Checked:
    """Shares are those that were issued; what services were told is what shares and posts give."""
    checked = Checked()
    checked.numbers["businesses"] = await house.number("identity", "SELECT count(*) FROM businesses")
    for query, wrong in (
        (_NOT_ALL, "its shares are not those that were issued"),
        (_MOVED_OTHERWISE, "has other shares than came and went"),
        (_NOT_ISSUED_ONCE, "its shares were not issued once"),
        (_TOO_FEW, "passed without more than half of all shares, or too late"),
        (_NOT_THEIRS_TO_GIVE, "appointed by who could not"),
        (_OUTLIVING, "goes on though the manager is out"),
    ):
        await none_of(house, checked, "identity", query, wrong)
    given = await _given(house)
    told: set[_Right] = {
        (
            row["union_id"],
            row["business_id"],
            row["member_id"],
            row["right"],
            row["holding_id"],
            _limit(row["charges"]),
        )
        for row in await house.rows("identity", _TOLD, house.now)
    }
    checked.numbers["rights in businesses"] = len(given)
    for wrong, found in (
        ("no living chain gives this right", told - given),
        ("services were not told of this right", given - told),
    ):
        for _, business_id, member_id, right, holding_id, _ in sorted(found, key=str):
            named = f"business_id={business_id} member_id={member_id} right={right} holding_id={holding_id}"
            checked.wrong("identity", named, wrong)
    return checked


async def _given(house: House) -> set[_Right]:
    given: set[_Right] = {
        (row["union_id"], row["business_id"], row["member_id"], "audit", row["business_id"], None)
        for row in await house.rows("identity", _OWNERS)
    }
    posts = {row["id"]: row for row in await house.rows("identity", _POSTS, house.now)}
    for post in posts.values():
        place = (post["union_id"], post["business_id"], post["member_id"])
        if post["kind"] == "manager":
            given |= {(*place, right, post["id"], None) for right in _MANAGERS_MAY}
        elif _is_managed(posts, post):
            rights: dict[str, str | None] = orjson.loads(post["rights"])
            given |= {
                (*place, right, post["id"], None if limit is None else int(limit))
                for right, limit in rights.items()
            }
    return given


def _is_managed(posts: dict[UUID, Any], hire: Any) -> bool:
    above = posts.get(hire["under_id"])
    return above is not None and (above["kind"], above["business_id"]) == ("manager", hire["business_id"])


def _limit(stored: str) -> int | None:
    """A hire's payments count against their own post alone."""
    charges = orjson.loads(stored)
    return int(charges[0]["limit_minor"]) if charges else None


PROMISES = (
    Promise(
        "identity",
        "identity.businesses",
        "no share of a business is lost, and nobody holds a right in one that no living chain gives",
        businesses,
    ),
)
