"""What members held in businesses at a time, from the raw rows of shares and posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from guildhall.audit.promises import House

ENDED_WITHIN = timedelta(seconds=1)
"""So late at most a service hears that a right has ended."""
TOLD_WITHIN = timedelta(hours=1)
"""So late at most a service has heard of a new right, by its event."""

_POSTS = """
SELECT p.union_id, p.business_id, p.id, p.member_id, p.kind, p.rights, p.begins_at,
       least(p.until, coalesce(p.ended_at, p.until)) AS ends_at
FROM business_posts p
"""
# What is held is told anew when a membership changes; a hire rests while who hired them is suspended, so
# only those count whose manager's membership has not changed since.
_HELD = """
WITH moved AS (
    SELECT union_id, business_id, to_id AS member_id, shares, made_at FROM business_share_changes
    UNION ALL
    SELECT union_id, business_id, from_id, -shares, made_at FROM business_share_changes),
counted AS (
    SELECT union_id, business_id, member_id, made_at, sum(sum(shares)) OVER one AS shares,
           lead(made_at) OVER one AS until
    FROM moved WHERE member_id IS NOT NULL GROUP BY union_id, business_id, member_id, made_at
    WINDOW one AS (PARTITION BY union_id, business_id, member_id ORDER BY made_at)),
held AS (
    SELECT union_id, business_id, member_id, made_at AS since, until FROM counted WHERE shares > 0
    UNION ALL
    SELECT p.union_id, p.business_id, p.member_id, p.begins_at,
           least(p.until, coalesce(p.ended_at, p.until))
    FROM business_posts p
    LEFT JOIN business_posts a ON (a.union_id, a.business_id, a.id) = (p.union_id, p.business_id, p.under_id)
    LEFT JOIN memberships m ON (m.union_id, m.member_id) = (a.union_id, a.member_id)
    WHERE p.kind = 'manager' OR (m.state = 'active' AND m.changed_at <= p.begins_at))
SELECT h.*, m.changed_at FROM held h JOIN memberships m USING (union_id, member_id)
"""


class _Place(NamedTuple):
    union_id: UUID
    business_id: UUID
    member_id: UUID


@dataclass(frozen=True, slots=True)
class BusinessHoldings:
    """Posts by union and id; spans in which somebody held something in a business, by both."""

    posts: dict[tuple[UUID, UUID], Any]
    held: dict[_Place, list[Any]]

    @classmethod
    async def read(cls, house: House) -> BusinessHoldings:
        posts = {(row["union_id"], row["id"]): row for row in await house.rows("identity", _POSTS)}
        held: dict[_Place, list[Any]] = {}
        for row in await house.rows("identity", _HELD):
            held.setdefault(_Place(row["union_id"], row["business_id"], row["member_id"]), []).append(row)
        return cls(posts, held)

    def own_fault(self, row: Any) -> str | None:
        """Of a payment by an office or a limit: that its payer held something in the business it paid."""
        if row["payee_kind"] != "business":
            return None
        spans = self.held.get(_Place(row["union_id"], row["payee_id"], row["payer_id"]), ())
        return "paid a business of their own" if _lasts(spans, row["paid_at"]) else None

    def post_fault(self, row: Any) -> str | None:
        """Of a payment from a business: that its payer had no post in it that let them pay so then."""
        post = self.posts.get((row["union_id"], row["holding_id"]))
        if post is None or (post["business_id"], post["member_id"]) != (row["business_id"], row["payer_id"]):
            return "not by a post of the payer's in this business"
        if not post["begins_at"] <= row["paid_at"] < post["ends_at"] + ENDED_WITHIN:
            return "the payer's post did not live then"
        rights: dict[str, str | None] = orjson.loads(post["rights"])
        given = None if post["kind"] == "manager" else [int(rights.get("spend") or 0)]
        return None if (row["limits"] or None) == given else "the post never gave this limit"


def _lasts(spans: Sequence[Any], moment: datetime) -> bool:
    """Whether one of them covers the moment, and was known by then."""
    return any(
        max(since for since in (span["since"], span["changed_at"]) if since <= moment) + TOLD_WITHIN <= moment
        and (span["until"] is None or moment < span["until"])
        for span in spans
        if span["since"] <= moment
    )
