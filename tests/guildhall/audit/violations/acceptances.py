"""Identity: who accepted which charter, and what their silence is."""

from tests.guildhall.audit.violations.violation import Violation, planted_in

PROMISE = "identity.acceptances"


def _planted(what: str, row: str, statement: str, wrong: str) -> Violation:
    return planted_in("identity", PROMISE, what, row, statement, wrong)


ACCEPTANCES = (
    _planted(
        "another hash accepted",
        "member_id={worker}",
        "UPDATE charter_acceptances SET charter_hash = 'other' WHERE member_id = '{worker}'",
        "never in force",
    ),
    _planted(
        "accepted before it was there",
        "member_id={worker}",
        "UPDATE charter_acceptances SET accepted_at = accepted_at - interval '1 year' "
        "WHERE member_id = '{worker}'",
        "before it was",
    ),
    _planted(
        "a membership that went back",
        "member_id={worker}",
        "UPDATE memberships SET charter_version = 1 WHERE member_id = '{worker}'",
        "more than the membership knows",
    ),
    _planted(
        "bound without an act",
        "member_id={backer}",
        "UPDATE memberships SET charter_version = 2 WHERE member_id = '{backer}'",
        "never accepted",
    ),
    _planted(
        "an acceptance removed",
        "member_id={worker}",
        "DELETE FROM charter_acceptances WHERE member_id = '{worker}'",
        "never accepted",
    ),
    _planted(
        "a count off by one",
        "union_id={union} charter_version=2",
        "UPDATE acceptance_counts SET active_members = active_members + 1 WHERE ctid = "
        "(SELECT min(ctid) FROM acceptance_counts WHERE charter_version = 2)",
        "by counting",
    ),
    _planted(
        "suspended for a silence that was none",
        "member_id={backer}",
        "UPDATE memberships SET state = 'suspended', silent_since = changed_at WHERE member_id = '{backer}'",
        "without a silence",
    ),
    _planted(
        "silence that nothing follows",
        "member_id={backer}",
        "UPDATE charters SET by_silence = 'suspends' WHERE material",
        "without its consequence",
    ),
    _planted(
        "a grace cut short",
        "union_id={union} version=2",
        "UPDATE charters SET grace_ends_at = grace_ends_at - interval '1 day' WHERE material",
        "other terms than members knew",
    ),
    _planted(
        "asked for nothing",
        "union_id={union} version=2",
        "UPDATE charters SET document = (SELECT document FROM charters WHERE version = 1) WHERE version = 2",
        "nothing that binds",
    ),
    _planted(
        "asked at the founding",
        "union_id={union} version=1",
        "UPDATE charters SET material = true, grace_ends_at = adopted_at, by_silence = 'accepts' "
        "WHERE version = 1",
        "without a charter before",
    ),
)
