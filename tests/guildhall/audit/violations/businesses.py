"""Businesses: shares made or lost, rights that nobody gave, resolutions that too few approved."""

from tests.guildhall.audit.violations.violation import planted_in

_PLANTED = (
    ("a share that was made", "not those that were issued",
     "UPDATE business_shares SET shares = shares + 1 WHERE member_id = '{supporter}'", "business_id="),
    ("a share that was lost", "than came and went",
     "DELETE FROM business_shares WHERE member_id = '{employer}'", "member_id={employer}"),
    ("shares that moved by nobody's act", "than came and went",
     "UPDATE business_shares SET shares = 50 - shares WHERE member_id IN ('{supporter}', '{employer}')",
     "member_id={supporter}"),
    ("shares that were issued twice", "not issued once",
     "INSERT INTO business_share_changes SELECT union_id, business_id, union_id, NULL, '{worker}', 1, "
     "'founded', made_at FROM business_share_changes WHERE from_id IS NULL", "business_id="),
    ("a business without an owner that is open", "not those that were issued",
     "UPDATE businesses SET state = 'active' WHERE name = 'kiosk'", "business_id="),
    ("a resolution that half of the shares passed", "more than half",
     "UPDATE business_resolutions SET passed_shares = 50 WHERE passed_at IS NOT NULL", "resolution_id="),
    ("a resolution that passed too late", "too late",
     "UPDATE business_resolutions SET expires_at = passed_at WHERE passed_at IS NOT NULL", "resolution_id="),
    ("a manager whom nobody resolved to appoint", "by who could not",
     "UPDATE business_resolutions SET member_id = '{employer}'", "post_id="),
    ("a manager for longer than was resolved", "by who could not",
     "UPDATE business_posts SET until = until + interval '1 day' WHERE kind = 'manager'", "post_id="),
    ("a hire by who does not manage", "by who could not",
     "UPDATE business_posts SET appointed_by = '{worker}' WHERE kind = 'hire'", "post_id="),
    ("a hire that outlives who hired them", "goes on though",
     "UPDATE business_posts SET ended_at = begins_at, ended_by = member_id, why = 'resigned' "
     "WHERE kind = 'manager'", "under_id="),
    ("a right that outlives who gave it", "no living chain",
     "UPDATE business_posts SET ended_at = begins_at, ended_by = member_id, why = 'resigned' "
     "WHERE kind = 'manager'", "member_id={backer} right=spend"),
    ("a right of who left", "no living chain",
     "UPDATE memberships SET state = 'left' WHERE member_id = '{supporter}'",
     "member_id={supporter} right=audit"),
    ("a right of who came back", "no living chain",
     "UPDATE memberships SET joined_at = joined_at + interval '10 years' WHERE member_id = '{leader}'",
     "member_id={leader} right=spend"),
    ("a right that was never told", "were not told",
     "UPDATE business_grants SET grants = '[]' WHERE member_id = '{backer}'",
     "member_id={backer} right=audit"),
    ("a larger limit than was given", "no living chain",
     "UPDATE business_posts SET rights = '{{\"audit\": null, \"spend\": \"1\"}}' WHERE kind = 'hire'",
     "member_id={backer} right=spend"),
)  # fmt: skip

BUSINESSES = tuple(
    planted_in("identity", "identity.businesses", what, row, do, wrong) for what, wrong, do, row in _PLANTED
)
