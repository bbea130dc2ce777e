"""Exclusion: suspensions without an order, expulsions without a hearing."""

from tests.guildhall.audit.violations.violation import Violation, planted_in


def _planted(what: str, row: str, statement: str, wrong: str) -> Violation:
    return planted_in("identity", "identity.exclusion", what, row, statement, wrong)


EXCLUSION = (
    _planted(
        "a suspension that nobody ordered",
        "member_id={suspect}",
        "DELETE FROM suspensions WHERE member_id = '{suspect}'",
        "nobody ordered it",
    ),
    _planted(
        "a suspension that does not end",
        "member_id={suspect}",
        "UPDATE suspensions SET ends_at = began_at - interval '1 hour' WHERE member_id = '{suspect}'",
        "beyond the time",
    ),
    _planted(
        "an expulsion without a case",
        "member_id={worker}",
        "UPDATE memberships SET state = 'expelled' WHERE member_id = '{worker}'",
        "no case says so",
    ),
    _planted(
        "an expelled member who is in",
        "expulsion_id=",
        "UPDATE memberships SET state = 'active' WHERE member_id = '{rogue}'",
        "active all the same",
    ),
    _planted(
        "an expulsion before the hearing was over",
        "expulsion_id=",
        "UPDATE expulsions SET decided_at = hearing_until - interval '1 second'",
        "before the hearing was over",
    ),
    _planted(
        "an expulsion that nobody decided",
        "expulsion_id=",
        "UPDATE expulsions SET decided_by = NULL",
        "by nobody",
    ),
    _planted(
        "an appeal that waits for ever",
        "expulsion_id=",
        "UPDATE expulsions SET decide_by = decide_by - interval '90 days'",
        "is not won",
    ),
    _planted(
        "a founder who was suspended",
        "union_id={union}",
        "UPDATE suspensions SET member_id = '{founder}' WHERE lifted_at IS NOT NULL",
        "the founder, suspended",
    ),
)
