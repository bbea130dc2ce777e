"""Operators: what nobody did who might, unsigned, unlogged, untold, or not what the short list says."""

from tests.guildhall.audit.violations.violation import Violation, planted_in


def _planted(what: str, row: str, statement: str, wrong: str) -> Violation:
    return planted_in("identity", "identity.operators", what, row, statement, wrong)


_OF_PICTURE = "FROM operator_acts WHERE power = 'remove_picture'"
_TAKEN_DOWN = f"picture, 'image/png', 1, 1, 1, 1, made_at {_OF_PICTURE}"
OPERATORS = (
    _planted(
        "a lock by who was no operator",
        "act_id=",
        "UPDATE operator_acts SET operator_id = '{founder}' WHERE power = 'lock_member'",
        "lock_member by somebody who was no operator then",
    ),
    _planted(
        "a hiding by who was an operator no more",
        "act_id=",
        "INSERT INTO operator_changes (member_id, number, is_operator, because, changed_at) "
        "SELECT operator_id, 2, false, 'over', made_at - interval '1 hour' FROM operator_acts "
        "WHERE power = 'hide_union'",
        "hide_union by somebody who was no operator then",
    ),
    _planted(
        "a ruling by who is no operator",
        "act_id=",
        "UPDATE operator_rulings SET operator_id = '{founder}' WHERE kind = 'upheld'",
        "upheld by somebody who was no operator then",
    ),
    _planted(
        "an act that nobody signed",
        "act_id=",
        "UPDATE operator_acts SET nonce = 'another' WHERE power = 'remove_picture'",
        "signed no such act",
    ),
    _planted(
        "an act that is not in the log",
        "act_id=",
        "DELETE FROM act_log WHERE act_right = 'operator' AND subject LIKE 'operator-acts/%'",
        "the act log does not say so",
    ),
    _planted(
        "a union that is not told",
        "union_id={union}",
        "DELETE FROM operator_act_unions",
        "does not read it",
    ),
    _planted(
        "a union of the locked member that is not told",
        "union_id={union}",
        "DELETE FROM operator_act_unions u USING operator_acts a WHERE a.id = u.act_id "
        "AND a.power = 'lock_member'",
        "does not read it",
    ),
    _planted(
        "a session that went on",
        "session_id=",
        "UPDATE sessions SET ended_at = NULL WHERE ended_because = 'operator_locked'",
        "went on when its member was locked",
    ),
    _planted(
        "a lock without an end",
        "act_id=",
        "UPDATE operator_acts SET until = NULL WHERE power = 'lock_member'",
        "is not what that power is",
    ),
    _planted(
        "a power that is on no list",
        "act_id=",
        "UPDATE operator_acts SET power = 'seize_money' WHERE power = 'remove_picture'",
        "seize_money is not what that power is",
    ),
    _planted(
        "an operator about themselves",
        "act_id=",
        "UPDATE operator_acts SET member_id = operator_id WHERE power = 'lock_member'",
        "about themselves",
    ),
    _planted(
        "an operator about themselves, of which nobody said anything since",
        "kind=None",
        "UPDATE operator_acts SET member_id = operator_id WHERE power = 'remove_picture'",
        "about themselves",
    ),
    _planted(
        "an operator about their own appeal",
        "kind=upheld",
        "UPDATE operator_appeals SET member_id = "
        "(SELECT operator_id FROM operator_rulings WHERE kind = 'upheld')",
        "about themselves",
    ),
    _planted(
        "an operator about their own union",
        "act_id=",
        "UPDATE operator_rulings SET operator_id = '{founder}' WHERE kind = 'undone'",
        "about their own union",
    ),
    _planted(
        "a picture that is shown all the same",
        "member_id={locked}",
        "UPDATE members SET avatar = (SELECT picture FROM operator_acts WHERE power = 'remove_picture') "
        "WHERE id = '{locked}'",
        "is shown all the same",
    ),
    _planted(
        "the same picture, shown in another file",
        "member_id={locked}",
        f"WITH content AS (INSERT INTO file_contents SELECT '{{locked}}', {_TAKEN_DOWN} "
        "ON CONFLICT DO NOTHING), "
        f"file AS (INSERT INTO files SELECT '{{locked}}', 'avatar', '{{locked}}', sha256('another'), id, "
        f"picture, '{{locked}}', '', made_at {_OF_PICTURE}) "
        "UPDATE members SET avatar = sha256('another') WHERE id = '{locked}'",
        "is shown all the same",
    ),
)
