"""Identity's promise about who is kept out: on a ground, for a time or after a hearing, and never unheard."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise, none_of
from guildhall.audit.succession import HEADS

_SUSPENDED = """
SELECT m.union_id, m.member_id FROM memberships m
WHERE m.state = 'suspended' AND m.silent_since IS NULL AND NOT EXISTS (
    SELECT FROM suspensions s
    WHERE (s.union_id, s.member_id) = (m.union_id, m.member_id)
      AND s.lifted_at IS NULL AND s.began_at <= m.changed_at)
"""
# The timer that ends it may be a little late.
_FORGOTTEN = """
SELECT m.union_id, m.member_id FROM memberships m
WHERE m.state = 'suspended' AND m.silent_since IS NULL AND NOT EXISTS (
    SELECT FROM suspensions s WHERE (s.union_id, s.member_id) = (m.union_id, m.member_id)
      AND s.lifted_at IS NULL AND s.ends_at > $1::timestamptz - interval '5 minutes')
"""
_EXPELLED = """
SELECT m.union_id, m.member_id FROM memberships m
WHERE m.state = 'expelled' AND NOT EXISTS (
    SELECT FROM expulsions e WHERE (e.union_id, e.member_id) = (m.union_id, m.member_id)
      AND e.state IN ('expelled', 'appealed', 'upheld'))
"""
_KEPT_IN = """
SELECT e.union_id, e.id AS expulsion_id, m.state FROM expulsions e
JOIN memberships m ON (m.union_id, m.member_id) = (e.union_id, e.member_id)
WHERE e.state IN ('expelled', 'appealed', 'upheld') AND m.state <> 'expelled'
"""
_UNHEARD = """
SELECT union_id, id AS expulsion_id FROM expulsions
WHERE state IN ('expelled', 'appealed', 'upheld', 'reversed')
  AND (decided_by IS NULL OR decided_at IS NULL OR decided_at < hearing_until OR hearing_until <= proposed_at)
"""
_LATE = """
SELECT union_id, id AS expulsion_id FROM expulsions
WHERE state = 'appealed' AND decide_by < $1::timestamptz - interval '5 minutes'
"""
_FOUNDER = f"""
SELECT h.union_id, kept.what FROM {HEADS} h
JOIN (SELECT union_id, member_id, began_at AS at, 'suspended' AS what FROM suspensions
      UNION ALL SELECT union_id, member_id, decided_at, 'expelled' FROM expulsions) kept
ON (kept.union_id, kept.member_id) = (h.union_id, h.head_id)
    AND kept.at >= h.since AND kept.at < coalesce(h.until, 'infinity')
"""  # noqa: S608 - made of the audit's own text


async def exclusion(house: House) -> Checked:
    """Memberships that are kept out, held against what was ordered, heard and decided."""
    checked = Checked()
    for what, query in (
        ("suspensions", "SELECT count(*) FROM suspensions"),
        ("expulsions", "SELECT count(*) FROM expulsions"),
    ):
        checked.numbers[what] = await house.number("identity", query)
    identity = "identity"
    await none_of(house, checked, identity, _SUSPENDED, "suspended, and nobody ordered it")
    await none_of(house, checked, identity, _FORGOTTEN, "suspended beyond the time", house.now)
    await none_of(house, checked, identity, _EXPELLED, "expelled, and no case says so")
    await none_of(house, checked, identity, _KEPT_IN, "expelled by the case, and {state} all the same")
    await none_of(house, checked, identity, _UNHEARD, "expelled before the hearing was over, or by nobody")
    await none_of(
        house, checked, identity, _LATE, "an appeal that nobody heard in time is not won", house.now
    )
    await none_of(house, checked, identity, _FOUNDER, "the founder, {what}")
    return checked


PROMISES = (Promise("identity", "identity.exclusion", "nobody is kept out unheard", exclusion),)
