"""Identity's promise about material amendments: who accepted what, and what silence means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

DAY_SECONDS = 86_400
GRACE_DEFAULT_SECONDS, SILENCE_DEFAULT = 14 * DAY_SECONDS, "accepts"
MATERIAL = frozenset(
    {
        "review_seconds",
        "visibility_members",
        "visibility_backlinks",
        "visibility_voices",
        "visibility_pledges",
        "visibility_balances",
        "payment_fee_basis_points",
        "work_fee_basis_points",
        "fee_max_minor",
        "backlinks_max_count",
        "acceptance_grace_seconds",
        "acceptance_by_silence",
    }
)
"""Written out a second time: what of the parameters asks the members anew."""

_OTHER_HASH = """
SELECT a.union_id, a.member_id, a.charter_version FROM charter_acceptances a
LEFT JOIN charters c ON (c.union_id, c.version) = (a.union_id, a.charter_version)
WHERE c.hash IS DISTINCT FROM a.charter_hash OR a.accepted_at < c.adopted_at
"""
_BEYOND = """
SELECT a.union_id, a.member_id, a.charter_version FROM charter_acceptances a
LEFT JOIN memberships m ON (m.union_id, m.member_id) = (a.union_id, a.member_id)
WHERE m.version IS NULL OR m.version < a.membership_version OR m.charter_version < a.charter_version
"""
# Who joined before a version was in force is under it by their own act alone.
_UNACCEPTED = """
SELECT m.union_id, m.member_id, m.charter_version FROM memberships m
JOIN charters c ON (c.union_id, c.version) = (m.union_id, m.charter_version)
WHERE c.adopted_at > m.joined_at AND NOT EXISTS (
    SELECT FROM charter_acceptances a
    WHERE (a.union_id, a.member_id, a.charter_version) = (m.union_id, m.member_id, m.charter_version))
"""
_COUNTS = """
SELECT union_id, charter_version, coalesce(c.counted, 0) AS by_the_count,
       coalesce(m.counted, 0) AS by_counting
FROM (SELECT union_id, charter_version, sum(active_members) AS counted FROM acceptance_counts GROUP BY 1, 2) c
FULL JOIN (SELECT union_id, charter_version, count(*) AS counted FROM memberships WHERE state = 'active'
           GROUP BY 1, 2) m USING (union_id, charter_version)
WHERE coalesce(c.counted, 0) <> coalesce(m.counted, 0)
"""
_SILENCED = """
SELECT m.union_id, m.member_id, m.state FROM memberships m
WHERE m.silent_since IS NOT NULL AND (m.state <> 'suspended' OR NOT EXISTS (
    SELECT FROM charters c WHERE c.union_id = m.union_id AND c.version > m.charter_version AND c.material
      AND c.by_silence <> 'accepts' AND c.grace_ends_at <= m.silent_since))
"""
# The timer that is still to come, or is under way, has the consequence.
_UNSILENCED = """
SELECT m.union_id, m.member_id, c.version AS charter_version FROM charters c
JOIN unions u ON u.id = c.union_id AND u.state = 'active'
JOIN memberships m ON m.union_id = c.union_id AND m.state = 'active' AND m.role <> 'founder'
    AND m.charter_version < c.version
WHERE c.material AND c.by_silence <> 'accepts' AND NOT EXISTS (
    SELECT FROM timers t WHERE t.kind = 'end_grace' AND t.key = c.union_id || ':' || c.version)
"""


async def acceptances(house: House) -> Checked:
    """Acceptances name what they accept, are counted, and silence has the consequence that was known."""
    checked = Checked()
    checked.numbers["acceptances"] = await house.number(
        "identity", "SELECT count(*) FROM charter_acceptances"
    )
    for query, wrong in (
        (_OTHER_HASH, "accepted what was never in force, or before it was"),
        (_BEYOND, "accepted more than the membership knows of"),
        (_UNACCEPTED, "under a charter that the member never accepted"),
        (_COUNTS, "{by_the_count} accepted by the count, {by_counting} by counting"),
        (_SILENCED, "rights rest without a silence"),
        (_UNSILENCED, "silence without its consequence"),
    ):
        await none_of(house, checked, "identity", query, wrong)
    await _terms(house, checked)
    return checked


async def _terms(house: House, checked: Checked) -> None:
    """A version asks for a reason, and under the terms of the one before it."""
    before: dict[UUID, Any] = {}
    rows = await house.rows("identity", "SELECT * FROM charters ORDER BY union_id, version")
    checked.numbers["material charters"] = sum(row["material"] for row in rows)
    for row in rows:
        document: Any = row["document"]
        if isinstance(document, str):
            document = orjson.loads(document)
        former = before.get(row["union_id"])
        before[row["union_id"]] = document
        if row["material"]:
            wrong = "asked without a charter before" if former is None else _wrong(row, former, document)
            if wrong:
                checked.wrong("identity", f"union_id={row['union_id']} version={row['version']}", wrong)


def _wrong(row: Any, former: Any, document: Any) -> str:
    texts = ("purpose", "values", "bylaws")
    old, new = former["parameters"], document["parameters"]
    is_reason = any(former[text] != document[text] for text in texts)
    if not is_reason and not any(old.get(name) != new.get(name) for name in MATERIAL):
        return "members are asked about nothing that binds them"
    seconds = (row["grace_ends_at"] - row["adopted_at"]).total_seconds()
    known = (
        old.get("acceptance_grace_seconds", GRACE_DEFAULT_SECONDS),
        old.get("acceptance_by_silence", SILENCE_DEFAULT),
    )
    return "" if (seconds, row["by_silence"]) == known else "asked under other terms than members knew"


PROMISES = (
    Promise(
        "identity",
        "identity.acceptances",
        "a material amendment binds who accepted it, and silence means what was known before",
        acceptances,
    ),
)
