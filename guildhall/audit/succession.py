"""Identity's promise about the founder's office: one holds it, and came to it by their own word."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise, none_of

HEADS = """(
    SELECT union_id, head_id, since, lead(since) OVER (PARTITION BY union_id ORDER BY since) AS until FROM (
        SELECT id AS union_id, founder_id AS head_id, founded_at AS since FROM unions
        UNION ALL SELECT union_id, to_id, passed_at FROM successions) AS one
)"""
"""Who held the founder's office of each union, since when and until when; `until` is null of who holds it."""

_NO_HEAD = """
SELECT u.id AS union_id FROM unions u WHERE u.state = 'active' AND NOT EXISTS (
    SELECT FROM memberships m WHERE (m.union_id, m.member_id) = (u.id, coalesce(u.head_id, u.founder_id))
      AND m.role = 'founder' AND m.state = 'active')
"""
_TWO_HEADS = """
SELECT m.union_id, m.member_id FROM memberships m JOIN unions u ON u.id = m.union_id
WHERE m.role = 'founder' AND m.member_id <> coalesce(u.head_id, u.founder_id)
"""
_UNTOLD = f"""
SELECT u.id AS union_id FROM unions u
JOIN {HEADS} h ON h.union_id = u.id AND h.until IS NULL
WHERE h.head_id <> coalesce(u.head_id, u.founder_id)
"""  # noqa: S608 - made of this file's own text
_BROKEN = f"""
SELECT s.union_id, s.id AS succession_id FROM successions s WHERE NOT EXISTS (
    SELECT FROM {HEADS} h
    WHERE (h.union_id, h.head_id, h.until) = (s.union_id, s.from_id, s.passed_at))
"""  # noqa: S608 - made of this file's own text
# In the time of the head before: an old act speaks for no later passing.
_UNWILLING = f"""
SELECT s.union_id, s.id AS succession_id FROM successions s
JOIN {HEADS} h ON (h.union_id, h.head_id, h.until) = (s.union_id, s.from_id, s.passed_at)
WHERE NOT EXISTS (
    SELECT FROM signed_acts a WHERE a.member_id = s.to_id AND a.stored_at BETWEEN h.since AND h.until
      AND a.method = 'PUT' AND a.target_uri LIKE '%/succession/consent')
"""  # noqa: S608 - made of this file's own text
_UNASKED = f"""
SELECT s.union_id, s.id AS succession_id FROM successions s
JOIN {HEADS} h ON (h.union_id, h.head_id, h.until) = (s.union_id, s.from_id, s.passed_at)
WHERE NOT EXISTS (
    SELECT FROM signed_acts a WHERE a.stored_at BETWEEN h.since AND h.until AND CASE s.way
        WHEN 'handed_over' THEN a.member_id = s.from_id AND a.target_uri LIKE '%/succession/handover'
        ELSE a.member_id = s.to_id AND a.method = 'PUT' AND a.target_uri LIKE '%/succession/claim' END)
"""  # noqa: S608 - made of this file's own text


async def succession(house: House) -> Checked:
    """Heads, held against how the office passed, and against the acts that say so."""
    checked = Checked()
    checked.numbers["successions"] = await house.number("identity", "SELECT count(*) FROM successions")
    for query, wrong in (
        (_NO_HEAD, "nobody holds the founder's office"),
        (_TWO_HEADS, "holds the founder's office by the membership, and not by the union"),
        (_UNTOLD, "the office is another's by how it passed"),
        (_BROKEN, "passed from who did not hold it"),
        (_UNWILLING, "passed to who did not agree"),
        (_UNASKED, "neither handed over nor claimed by an act"),
    ):
        await none_of(house, checked, "identity", query, wrong)
    return checked


PROMISES = (
    Promise(
        "identity", "identity.succession", "one holds the founder's office, by their own word", succession
    ),
)
