"""Identity's promise about keys: a lost one does not lose the person, and a stolen one not the account."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise, none_of

_KEYLESS = """
SELECT m.id AS member_id FROM members m
WHERE NOT EXISTS (
    SELECT FROM member_keys k WHERE k.member_id = m.id AND (k.removed_at IS NULL OR k.removed_at > $1))
  AND NOT EXISTS (SELECT FROM erased_members e WHERE e.member_id = m.id)
"""
_STRANGERS = """
SELECT v.recovery_id, v.guardian_id FROM recovery_votes v JOIN recoveries r ON r.id = v.recovery_id
WHERE NOT EXISTS (
    SELECT FROM guardians g
    WHERE g.member_id = r.member_id AND g.version = r.guardians_version AND g.guardian_id = v.guardian_id)
"""
# A code stands for the first round's approvals; all guardians but one override a cancellation.
_TOO_FEW = """
SELECT r.id AS recovery_id, counted.approvals, needed.count AS needed_count
FROM recoveries r
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.round > 1 THEN greatest(r.threshold, r.guardians_count - 1)
                WHEN r.way = 'code' THEN 0 ELSE r.threshold END AS count) needed
CROSS JOIN LATERAL (
    SELECT count(*) AS approvals FROM recovery_votes v
    WHERE v.recovery_id = r.id AND v.round = r.round AND v.approves) counted
WHERE r.state IN ('waiting', 'done') AND counted.approvals < needed.count
"""
_UNCOUNTED = """
SELECT r.id AS recovery_id, r.guardians_count, r.threshold FROM recoveries r
LEFT JOIN guardian_sets s ON (s.member_id, s.version) = (r.member_id, r.guardians_version)
WHERE r.guardians_version > 0 AND (s.threshold IS DISTINCT FROM r.threshold OR r.guardians_count <> (
    SELECT count(*) FROM guardians g WHERE (g.member_id, g.version) = (r.member_id, r.guardians_version)
      AND (g.resigned_at IS NULL OR g.resigned_at > r.asked_at)))
"""
_LOCKS = """
SELECT id, member_id FROM recoveries WHERE state = 'waiting' AND (way = 'guardians' OR round > 1)
"""
_LOCKED_OTHERWISE = f"""
SELECT coalesce(m.id, r.member_id) AS member_id, m.locked_by, r.id AS recovery_id
FROM (SELECT id, locked_by FROM members WHERE locked_by IS NOT NULL) m
FULL JOIN ({_LOCKS}) r ON (r.member_id, r.id) = (m.id, m.locked_by)
WHERE m.id IS NULL OR r.id IS NULL
"""  # noqa: S608 - made of this file's own text
_LIVING = """
SELECT s.id AS session_id, s.member_id FROM sessions s JOIN members m ON m.id = s.member_id
WHERE m.locked_by IS NOT NULL AND s.ended_at IS NULL AND s.expires_at > $1
"""
_NOT_REPLACED = """
SELECT r.id AS recovery_id, r.member_id FROM recoveries r
LEFT JOIN member_keys own
    ON (own.kind, own.identifier, own.member_id) = (r.key_kind, r.key_identifier, r.member_id)
WHERE r.state = 'done' AND (own.identifier IS NULL OR EXISTS (
    SELECT FROM member_keys k WHERE k.member_id = r.member_id AND k.added_at < own.added_at
      AND (k.removed_at IS NULL OR k.removed_at > own.added_at)))
"""


async def recovery(house: House) -> Checked:
    """Keys, guardians' votes, locks and what was replaced, from raw rows."""
    checked = Checked()
    for what, query in (
        ("keys", "SELECT count(*) FROM member_keys WHERE removed_at IS NULL"),
        ("recoveries", "SELECT count(*) FROM recoveries"),
        ("votes", "SELECT count(*) FROM recovery_votes"),
    ):
        checked.numbers[what] = await house.number("identity", query)
    identity = "identity"
    await none_of(house, checked, identity, _KEYLESS, "no key of theirs signs in", house.now)
    await none_of(house, checked, identity, _STRANGERS, "a vote of somebody who was no guardian then")
    await none_of(
        house, checked, identity, _TOO_FEW, "{approvals} guardians approved of {needed_count} that it needs"
    )
    await none_of(
        house,
        checked,
        identity,
        _UNCOUNTED,
        "not the guardians that it counts: {guardians_count}",
    )
    await none_of(house, checked, identity, _LOCKED_OTHERWISE, "locked by no recovery, or not locked")
    await none_of(house, checked, identity, _LIVING, "a session of a locked account", house.now)
    await none_of(house, checked, identity, _NOT_REPLACED, "its key did not take the place of those before")
    return checked


PROMISES = (Promise("identity", "identity.recovery", "a lost key does not lose the person", recovery),)
