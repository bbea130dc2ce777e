"""Succession: a union without a head, one with two, and an office that passed without anybody's word."""

from tests.guildhall.audit.violations.violation import Violation, planted_in

_PASSED = (
    "INSERT INTO successions (union_id, id, from_id, to_id, way, passed_at) "
    "VALUES ('{union}', gen_random_uuid(), '%s', '{worker}', '%s', '2100-01-01')"
)


def _planted(what: str, row: str, statement: str, wrong: str) -> Violation:
    return planted_in("identity", "identity.succession", what, row, statement, wrong)


SUCCESSION = (
    _planted(
        "a union whose head has left",
        "union_id={union}",
        "UPDATE memberships SET state = 'left' WHERE role = 'founder'",
        "nobody holds",
    ),
    _planted(
        "a second head",
        "member_id={worker}",
        "UPDATE memberships SET role = 'founder' WHERE member_id = '{worker}'",
        "and not by the union",
    ),
    _planted(
        "an office that was taken",
        "union_id={union}",
        "UPDATE unions SET head_id = '{worker}'",
        "another's by how it passed",
    ),
    _planted(
        "an office passed by who did not hold it",
        "succession_id=",
        _PASSED % ("{worker}", "handed_over"),
        "who did not hold it",
    ),
    _planted(
        "an heir who did not agree", "succession_id=", _PASSED % ("{founder}", "claimed"), "did not agree"
    ),
    _planted(
        "an office that nobody handed over",
        "succession_id=",
        _PASSED % ("{founder}", "handed_over"),
        "neither handed over nor claimed",
    ),
)
