"""Identity's promise about operators: what is in force rests on a signed act of who was one then."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise, none_of
from guildhall.audit.succession import HEADS
from services.identity.operators.store.acts import in_force

# A row's time is when its transaction began: what was said in the same minute may have come before or after.
_SLACK = "interval '1 minute'"
_WAS_OPERATOR = f"""
EXISTS (SELECT FROM operator_changes c
        WHERE c.member_id = {{member}} AND c.is_operator AND c.changed_at <= {{at}} + {_SLACK}
          AND NOT EXISTS (
            SELECT FROM operator_changes l WHERE l.member_id = c.member_id AND l.number > c.number
              AND l.changed_at < {{at}} - {_SLACK}))
"""  # noqa: S608 - made of the audit's own text
_NO_OPERATOR = f"""
SELECT a.id AS act_id, a.power FROM operator_acts a
WHERE NOT {_WAS_OPERATOR.format(member="a.operator_id", at="a.made_at")}
"""  # noqa: S608 - made of the audit's own text
_RULED_BY_NONE = f"""
SELECT r.act_id, r.kind FROM operator_rulings r
WHERE NOT {_WAS_OPERATOR.format(member="r.operator_id", at="r.ruled_at")}
"""  # noqa: S608 - made of the audit's own text
_UNSIGNED = """
SELECT a.id AS act_id, a.power FROM operator_acts a
WHERE NOT EXISTS (
    SELECT FROM signed_acts s JOIN device_keys d ON d.id = s.device_key_id
    WHERE (s.device_key_id, s.nonce) = (a.device_key_id, a.nonce) AND d.member_id = a.operator_id
      AND s.method = 'POST' AND s.target_uri LIKE '%/v1/operator-acts/%')
"""
_UNLOGGED = """
SELECT a.id AS act_id, a.power FROM operator_acts a
WHERE NOT EXISTS (
    SELECT FROM act_log l WHERE l.subject = 'operator-acts/' || a.id AND l.act_right = 'operator'
      AND l.actor = 'member:' || a.operator_id)
"""
_UNTOLD = f"""
SELECT a.id AS act_id, m.union_id FROM operator_acts a JOIN memberships m ON m.member_id = a.member_id
WHERE m.changed_at <= a.made_at - {_SLACK} AND m.state IN ('active', 'suspended')
  AND NOT EXISTS (SELECT FROM operator_act_unions u WHERE (u.union_id, u.act_id) = (m.union_id, a.id))
UNION ALL
SELECT a.id, a.union_id FROM operator_acts a
WHERE a.union_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM operator_act_unions u WHERE (u.union_id, u.act_id) = (a.union_id, a.id))
"""  # noqa: S608 - made of the audit's own text
_WHOLE_SESSIONS = f"""
SELECT s.id AS session_id, a.id AS act_id FROM operator_acts a
JOIN sessions s ON s.member_id = a.member_id
WHERE a.power = 'lock_member' AND s.created_at < a.made_at - {_SLACK} AND s.expires_at > a.made_at + {_SLACK}
  AND (s.ended_at IS NULL OR s.ended_at > a.made_at + {_SLACK})
"""  # noqa: S608 - made of the audit's own text
_NO_SUCH_LOCK = """
SELECT id AS act_id, power FROM operator_acts
WHERE (power = 'lock_member') <> (until IS NOT NULL) OR until <= made_at
   OR (power = 'remove_picture') <> (picture IS NOT NULL)
   OR (power = 'hide_union') <> (union_id IS NOT NULL) OR (member_id IS NULL) = (union_id IS NULL)
   OR power NOT IN ('lock_member', 'hide_union', 'remove_picture')
"""
_OWN = """
SELECT a.id AS act_id, d.kind FROM operator_acts a
LEFT JOIN operator_rulings d ON d.act_id = a.id
LEFT JOIN operator_appeals p ON p.act_id = a.id
WHERE a.member_id IN (a.operator_id, d.operator_id) OR p.member_id = d.operator_id
"""
_OWN_UNION = f"""
SELECT o.id AS act_id FROM (
    SELECT id, union_id, operator_id, made_at AS at FROM operator_acts
    UNION ALL SELECT a.id, a.union_id, r.operator_id, r.ruled_at
    FROM operator_acts a JOIN operator_rulings r ON r.act_id = a.id) o
JOIN {HEADS} h ON (h.union_id, h.head_id) = (o.union_id, o.operator_id)
WHERE o.at > h.since + {_SLACK} AND (h.until IS NULL OR o.at < h.until - {_SLACK})
"""  # noqa: S608 - made of the audit's own text
_SHOWN = f"""
SELECT a.id AS act_id, a.member_id FROM operator_acts a JOIN members m ON m.id = a.member_id
LEFT JOIN files f ON (f.union_id, f.subject, f.subject_id, f.digest) = (m.id, 'avatar', m.id, m.avatar)
WHERE a.power = 'remove_picture' AND a.picture IN (m.avatar, f.content_digest)
  AND {in_force("$1")}
"""  # noqa: S608 - made of the audit's own text


async def operators(house: House) -> Checked:
    """What operators did, held against who was an operator, what was signed and what was logged."""
    checked = Checked()
    identity = "identity"
    for what, query in (
        ("acts of operators", "SELECT count(*) FROM operator_acts"),
        ("changes of operators", "SELECT count(*) FROM operator_changes"),
    ):
        checked.numbers[what] = await house.number(identity, query)
    await none_of(house, checked, identity, _NO_OPERATOR, "{power} by somebody who was no operator then")
    await none_of(house, checked, identity, _RULED_BY_NONE, "{kind} by somebody who was no operator then")
    await none_of(house, checked, identity, _UNSIGNED, "{power}, and its operator signed no such act")
    await none_of(house, checked, identity, _UNLOGGED, "{power}, and the act log does not say so")
    await none_of(house, checked, identity, _UNTOLD, "a union that it concerns does not read it")
    await none_of(house, checked, identity, _WHOLE_SESSIONS, "a session went on when its member was locked")
    await none_of(house, checked, identity, _NO_SUCH_LOCK, "{power} is not what that power is")
    await none_of(house, checked, identity, _OWN, "an operator did or decided it about themselves")
    await none_of(house, checked, identity, _OWN_UNION, "an operator did or decided it about their own union")
    await none_of(house, checked, identity, _SHOWN, "the picture is shown all the same", house.now)
    return checked


PROMISES = (
    Promise(
        "identity",
        "identity.operators",
        "operators do what the short list says, signed, logged and told",
        operators,
    ),
)
