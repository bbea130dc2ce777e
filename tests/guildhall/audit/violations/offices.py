"""Offices: rights that nobody gave, appointments out of place, payments that no right allows."""

from tests.guildhall.audit.violations.violation import planted_in

_RIGHTS = (
    ("a right that nobody gave", "no living grant gives", """
        UPDATE office_grants SET grants = jsonb_set(grants, '{{0,right}}', '"moderate"')
        WHERE member_id = '{leader}'""", "member_id={leader} right=moderate"),
    ("a right that outlives its holding", "no living grant gives", """
        UPDATE office_holdings SET ended_at = begins_at, ended_by = member_id, why = 'ended'
        WHERE member_id = '{supporter}'""", "member_id={supporter} right=spend"),
    ("a right that outlives who gave it", "no living grant gives", """
        UPDATE office_holdings SET ended_at = begins_at, ended_by = member_id, why = 'ended'
        WHERE member_id = '{leader}'""", "member_id={supporter} right=spend"),
    ("a right that the office above lost", "no living grant gives", """
        ALTER TABLE office_versions DISABLE TRIGGER USER;
        UPDATE office_versions SET rights = '{{"audit": null}}' WHERE name = 'Treasurer'""",
        "member_id={supporter} right=spend"),
    ("a larger limit than the office above has", "no living grant gives", """
        UPDATE office_versions SET rights = '{{"spend": "1"}}' WHERE name = 'Treasurer'""",
        "member_id={supporter} right=spend"),
    ("a right of who left", "no living grant gives", """
        UPDATE memberships SET state = 'left' WHERE member_id = '{leader}'""",
        "member_id={leader} right=audit"),
    ("a right of who came back", "no living grant gives", """
        UPDATE memberships SET joined_at = joined_at + interval '10 years' WHERE member_id = '{leader}'""",
        "member_id={leader} right=audit"),
    ("a right that was never told", "were not told", """
        UPDATE office_grants SET grants = '[]' WHERE member_id = '{leader}'""",
        "member_id={leader} right=audit"),
    ("an appointment by who had no such place", "no such place", """
        UPDATE office_holdings SET appointed_by = '{worker}' WHERE member_id = '{leader}'""", "holding_id="),
    ("an appointment to an office that is not below", "no such place", """
        UPDATE office_holdings SET under_id = id, appointed_by = member_id WHERE member_id = '{leader}'""",
        "holding_id="),
    ("a holding that outlives its appointer's", "goes on though", """
        UPDATE office_holdings SET ended_at = begins_at, ended_by = member_id, why = 'ended'
        WHERE member_id = '{leader}'""", "under_id="),
)  # fmt: skip
_PAYMENTS = (
    ("a payment that nothing records", "do not fit", "DELETE FROM treasury_payments", "id="),
    ("a payment of another amount", "do not fit",
     "UPDATE treasury_payments SET amount_minor = amount_minor + 1", "id="),
    ("a payment without a right", "without a right",
     "UPDATE treasury_payments SET holding_ids = '{{}}', limits = '{{}}'", "officer_id={leader}"),
    ("a payment by somebody else's office", "not by a holding",
     "UPDATE treasury_payments SET holding_ids = (SELECT holding_ids FROM treasury_payments "
     "WHERE officer_id = '{supporter}'), limits = ARRAY[20000000, 50000000] "
     "WHERE officer_id = '{leader}'", "officer_id={leader}"),
    ("a payment that is not counted against who appointed", "not counted against",
     "UPDATE treasury_payments SET holding_ids = holding_ids[1:1], limits = limits[1:1]",
     "officer_id={supporter}"),
    ("a payment before its holding began", "did not live",
     "UPDATE treasury_payments SET paid_at = paid_at - interval '1 year'", "officer_id={leader}"),
    ("a payment by a limit that never was", "never had",
     "UPDATE treasury_payments SET limits = ARRAY[99000000] WHERE officer_id = '{leader}'",
     "officer_id={leader}"),
    ("a payment beyond its limit", "more than 1 by",
     "UPDATE treasury_payments SET limits = array_fill(1::bigint, ARRAY[cardinality(limits)])",
     "officer_id={supporter}"),
    ("a payment of an officer to themselves", "paid themselves",
     "UPDATE accounts SET owner_id = '{leader}' WHERE owner_id = '{worker}' AND kind = 'member'",
     "officer_id={leader}"),
    ("a payment that its officer did not sign", "no act of the payer",
     "UPDATE signed_acts SET member_id = '{worker}' WHERE target_uri LIKE '%treasury-payments%'",
     "officer_id={leader}"),
    ("a payment of which the act says something else", "something else",
     "UPDATE signed_acts SET body = convert_to(replace(convert_from(body, 'UTF8'), '5000000', '4000000'), "
     "'UTF8') WHERE target_uri LIKE '%treasury-payments%'", "officer_id={leader}"),
    ("a counter that says otherwise", "by its counter",
     "UPDATE office_spending SET spent_minor = spent_minor - 1", "holding_id="),
)  # fmt: skip

OFFICES = (
    *(planted_in("identity", "identity.offices", what, row, do, wrong) for what, wrong, do, row in _RIGHTS),
    planted_in(
        "ledger",
        "identity.offices",
        "a right that the ledger made up",
        "member_id={worker}",
        "INSERT INTO office_grants VALUES ('{union}', '{worker}', 1, '[]')",
        "not what identity told",
    ),
    planted_in(
        "ledger",
        "ledger.treasury",
        "a payment to a business that its officer manages",
        "officer_id={leader}",
        "UPDATE treasury_payments SET credit_account = (SELECT id FROM accounts WHERE owner_id = '{bakery}') "
        "WHERE officer_id = '{leader}'",
        "a business of their own",
        identity="UPDATE business_posts SET begins_at = begins_at - interval '1 day'; UPDATE memberships "
        "SET changed_at = changed_at - interval '1 day' WHERE member_id = '{leader}'",
    ),
    *(planted_in("ledger", "ledger.treasury", what, row, do, wrong) for what, wrong, do, row in _PAYMENTS),
)
