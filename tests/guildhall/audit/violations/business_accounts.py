"""Payments from businesses that nobody may have made, and what came into one that has closed."""

from tests.guildhall.audit.violations.violation import planted_in

_PAYMENTS = (
    ("a payment that nothing records", "do not fit", "DELETE FROM business_payments", "id="),
    ("a payment of another amount", "do not fit",
     "UPDATE business_payments SET amount_minor = amount_minor + 1", "id="),
    ("a payment from another business' account", "do not fit",
     "UPDATE business_payments SET business_id = '{mill}'", "id="),
    ("a payment beyond its limit", "more than 1 by",
     "UPDATE business_payments SET limits = array_fill(1::bigint, ARRAY[cardinality(limits)]) "
     "WHERE payer_id = '{backer}'", "payer_id={backer}"),
    ("a payment of who has a limit to themselves", "paid themselves",
     "UPDATE accounts SET owner_id = '{backer}' WHERE owner_id = '{worker}' AND kind = 'member'",
     "payer_id={backer}"),
    ("a payment that counts against another holding", "its own holding",
     "UPDATE business_payments SET holding_id = '{bakery}' WHERE payer_id = '{backer}'",
     "payer_id={backer}"),
    ("a payment that its payer did not sign", "no act of the payer",
     "UPDATE signed_acts SET member_id = '{worker}' WHERE target_uri LIKE '%business-payments%'",
     "payer_id={leader}"),
    ("a payment without a post in the business", "not by a post of the payer",
     "UPDATE business_payments SET holding_id = '{mill}' WHERE payer_id = '{leader}'", "payer_id={leader}"),
    ("a payment before its post began", "did not live then",
     "UPDATE business_payments SET paid_at = paid_at - interval '1 year' WHERE payer_id = '{backer}'",
     "payer_id={backer}"),
    ("a payment by a limit that the post never gave", "never gave this limit",
     "UPDATE business_payments SET limits = array_fill(90000000::bigint, ARRAY[cardinality(limits)]) "
     "WHERE payer_id = '{backer}'", "payer_id={backer}"),
    ("a payment of which the act says something else", "something else",
     "UPDATE signed_acts SET body = convert_to(replace(convert_from(body, 'UTF8'), '6000000', '5000000'), "
     "'UTF8') WHERE target_uri LIKE '%business-payments%'", "payer_id={leader}"),
    ("a payment of which the act names another business", "something else",
     "UPDATE signed_acts SET body = convert_to(replace(convert_from(body, 'UTF8'), '{bakery}', '{mill}'), "
     "'UTF8') WHERE target_uri LIKE '%business-payments%'", "payer_id={backer}"),
    ("a counter that says otherwise", "by its counter",
     "UPDATE business_spending SET spent_minor = spent_minor - 1", "holding_id="),
)  # fmt: skip
_CLOSING = (
    ("a business that closed and whose account is open", "shut at None",
     "UPDATE account_balances SET shut_at = NULL", "business_id={mill}"),
    ("an account that is shut without a reason", "it is active",
     "UPDATE account_balances b SET shut_at = now() FROM accounts a WHERE a.number = b.number "
     "AND a.owner_id = '{bakery}'", "business_id={bakery}"),
    ("an account of a business that nobody told of", "it is None",
     "DELETE FROM businesses WHERE business_id = '{bakery}'", "business_id={bakery}"),
    ("what came into an account after it was shut", "it came into",
     "UPDATE account_balances SET shut_at = '2000-01-01' WHERE shut_at IS NOT NULL", "sequence="),
)  # fmt: skip

BUSINESS_ACCOUNTS = (
    *(planted_in("ledger", "ledger.businesses", what, row, do, wrong) for what, wrong, do, row in _PAYMENTS),
    planted_in(
        "ledger",
        "ledger.businesses",
        "a payment by a limit to a business of the payer's",
        "payer_id={backer}",
        "UPDATE business_payments SET credit_account = (SELECT id FROM accounts WHERE owner_id = '{mill}') "
        "WHERE payer_id = '{backer}'",
        "a business of their own",
        identity="UPDATE business_share_changes SET to_id = '{backer}', made_at = made_at - interval '1 day' "
        "WHERE business_id = '{mill}' AND from_id IS NULL; UPDATE memberships "
        "SET changed_at = changed_at - interval '1 day' WHERE member_id = '{backer}'",
    ),
    planted_in(
        "ledger",
        "ledger.businesses",
        "a payment by who was dismissed",
        "payer_id={backer}",
        "SELECT 1",
        "did not live then",
        identity="UPDATE business_posts SET ended_at = begins_at - interval '1 minute' WHERE kind = 'hire'",
    ),
    *(
        planted_in("ledger", "ledger.closed-businesses", what, row, do, wrong)
        for what, wrong, do, row in _CLOSING
    ),
)
