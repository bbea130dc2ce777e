"""Identity's promise about coming in: nobody is in whom the rule of their time did not let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from guildhall.audit.promises import Checked, House, Promise, none_of
from services.identity.domain.admission_rule import Facts, admits, parse_rule

if TYPE_CHECKING:
    import asyncpg

OPEN = "open"
SLACK = timedelta(minutes=1)
"""A request that began before an amendment may have waited for it."""

_RULES = """
SELECT union_id, document -> 'parameters' ->> 'admission' AS rule, adopted_at FROM charters
ORDER BY union_id, version
"""
_JOINED = """
SELECT m.union_id, m.member_id, m.joined_at, i.uses_count > 0 AS has_invitation,
       EXISTS (SELECT FROM applications a WHERE (a.union_id, a.applicant_id, a.joined_at, a.state)
               = (m.union_id, m.member_id, m.joined_at, 'admitted')) AS is_admitted,
       (SELECT count(*) FROM vouches v WHERE (v.union_id, v.vouched_id, v.joined_at)
               = (m.union_id, m.member_id, m.joined_at)) AS vouches_count,
       ARRAY (SELECT u.slug FROM memberships o JOIN unions u ON u.id = o.union_id
              WHERE o.member_id = m.member_id AND o.first_joined_at <= m.joined_at) AS unions,
       ARRAY (SELECT p.way FROM admission_proofs p
              WHERE (p.union_id, p.member_id) = (m.union_id, m.member_id) AND p.proven_at <= m.joined_at
                AND (p.valid_until IS NULL OR p.valid_until > m.joined_at)) AS proven
FROM memberships m LEFT JOIN invitations i ON (i.union_id, i.id) = (m.union_id, m.invitation_id)
WHERE m.state = 'active' AND m.union_id = ANY($1)
  AND NOT EXISTS (SELECT FROM unions u WHERE (u.id, u.founder_id) = (m.union_id, m.member_id))
"""
_MISCOUNTED = """
SELECT l.union_id, l.id AS list_id, l.made_count, l.refused_count,
       (SELECT count(*) FROM invitees i WHERE (i.union_id, i.list_id) = (l.union_id, l.id)) AS links_count,
       (SELECT count(*) FROM invitation_list_refusals r WHERE (r.union_id, r.list_id) = (l.union_id, l.id))
           AS refusals_count
FROM invitation_lists l
"""
_MANY_USES = """
SELECT e.union_id, e.invitation_id FROM invitees e
JOIN invitations i ON (i.union_id, i.id) = (e.union_id, e.invitation_id)
WHERE i.uses_max <> 1 OR (i.uses_count > 0) <> (e.member_id IS NOT NULL)
"""
_KEPT = """
SELECT union_id, invitation_id FROM invitees
WHERE (joined_at IS NOT NULL OR forget_at IS NULL) AND (name IS NOT NULL OR email IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class _Ruled:
    """A rule, from when on, and until when."""

    rule: str
    since: datetime
    until: datetime | None

    def was_in_force(self, at: datetime) -> bool:
        return self.since <= at + SLACK and (self.until is None or self.until >= at - SLACK)


async def grounds(house: House) -> Checked:
    """Every active membership is the founder's, or was let in by the rule that held when it began."""
    checked = Checked()
    rules = _ruled(await house.rows("identity", _RULES))
    # Where everybody may join, nothing can be wrong.
    closed = [union for union, ruled in rules.items() if any(one.rule != OPEN for one in ruled)]
    checked.numbers["unions"] = len(rules)
    for row in await house.rows("identity", _JOINED, closed):
        checked.count("memberships", 1)
        facts = Facts(
            row["has_invitation"] is True,
            row["is_admitted"],
            row["vouches_count"],
            frozenset(row["unions"]),
            frozenset(row["proven"]),
        )
        held = [one.rule for one in rules[row["union_id"]] if one.was_in_force(row["joined_at"])]
        if not any(admits(parse_rule(rule), facts) for rule in held):
            named = f"union_id={row['union_id']} member_id={row['member_id']}"
            checked.wrong("identity", named, f"came in without what the rule asks for: {'; '.join(held)}")
    return checked


async def lists(house: House) -> Checked:
    """A personal link is one person's, every row of a list is counted, and who has joined is not kept."""
    checked = Checked()
    for row in await house.rows("identity", _MISCOUNTED):
        checked.count("lists", 1)
        checked.count("links", row["links_count"])
        if (row["made_count"], row["refused_count"]) != (row["links_count"], row["refusals_count"]):
            checked.wrong(
                "identity",
                f"union_id={row['union_id']} list_id={row['list_id']}",
                f"{row['made_count']} links and {row['refused_count']} refusals by the count, "
                f"{row['links_count']} and {row['refusals_count']} by counting",
            )
    await none_of(house, checked, "identity", _MANY_USES, "a personal link of more than one, or of nobody")
    await none_of(house, checked, "identity", _KEPT, "a name or an address is kept that should be gone")
    return checked


def _ruled(rows: Sequence[asyncpg.Record]) -> dict[UUID, list[_Ruled]]:
    found: dict[UUID, list[_Ruled]] = {}
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        is_last = following is None or following["union_id"] != row["union_id"]
        until = None if is_last or following is None else following["adopted_at"]
        found.setdefault(row["union_id"], []).append(_Ruled(row["rule"], row["adopted_at"], until))
    return found


PROMISES = (
    Promise("identity", "identity.admission", "nobody is in whom the rule did not let in", grounds),
    Promise("identity", "identity.invitation-lists", "a personal link is one person's", lists),
)
