"""Supply, vesting, fees, accounts that are frozen or closed."""

from tests.guildhall.audit.violations.postings import POST
from tests.guildhall.audit.violations.violation import planted_in

_NUMBER = "(SELECT number FROM accounts WHERE kind = '{kind}')"
_BACKER = "(SELECT number FROM accounts WHERE (owner_id, kind) = ('{backer}'::uuid, 'member'))"
_PART = (
    "(SELECT t.id FROM transfers t "
    "JOIN transfer_acts a ON t.sequence BETWEEN a.sequence AND a.last_sequence "
    "JOIN signed_acts s USING (device_key_id, nonce) "
    "WHERE s.target_uri LIKE '%/allotments/%' AND t.code = 10 ORDER BY t.sequence OFFSET {place} LIMIT 1)"
)
_FIRST_PART, _SECOND_PART = _PART.format(place=0), _PART.format(place=1)
_DECIDED = "(SELECT decision_id FROM decision_effects WHERE effect = 'issue')"

SUPPLY = (
    planted_in(
        "ledger",
        "ledger.supply",
        "a genesis that the charter did not plan",
        "union_id={union}",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE code = 1 AND credit_number = "
        + _NUMBER.format(kind="treasury"),
        "the charter planned",
    ),
    planted_in(
        "ledger",
        "ledger.supply",
        "issued twice for one decision",
        "decision_id=",
        POST.format(debit="debit_number", credit="credit_number", code=5, where="code = 5")
        + "INSERT INTO transfer_reasons SELECT union_id, (SELECT max(sequence) FROM transfers), "
        "charter_version, figures, decision_id FROM transfer_reasons "
        f"WHERE decision_id = {_DECIDED} LIMIT 1",
        "done, and carried out 2 times",
    ),
    planted_in(
        "ledger",
        "ledger.supply",
        "issued by nobody's decision",
        "sequence=",
        POST.format(debit="debit_number", credit="credit_number", code=5, where="code = 5"),
        "the decision says (None, None, None, None)",
    ),
    planted_in(
        "ledger",
        "ledger.supply",
        "more issued than was decided",
        "sequence=",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE code = 5",
        "the decision says ('done', 'issue',",
    ),
    planted_in(
        "ledger",
        "ledger.supply",
        "a decision that never passed",
        "decision_id=",
        f"UPDATE decision_effects SET decision_id = gen_random_uuid() WHERE decision_id = {_DECIDED}",
        "no decision that passed says",
    ),
    planted_in(
        "ledger",
        "ledger.supply",
        "more out than the vault was given",
        "union_id={union}",
        "INSERT INTO supply_limits SELECT union_id, 1, issued_at FROM assets",
        "the vault was given 1",
    ),
    planted_in(
        "ledger",
        "ledger.vesting",
        "a step before its time",
        "sequence=",
        "UPDATE journal_entries SET time = '2027-01-01' "
        "WHERE number = (SELECT min(entry_number) FROM transfers WHERE code = 4)",
        "released, 0 by the plan",
    ),
    planted_in(
        "ledger",
        "ledger.vesting",
        "a step that was due and is not released",
        "union_id={union}",
        "DELETE FROM transfer_rows WHERE code = 4",
        "were due",
    ),
    planted_in(
        "ledger",
        "ledger.fees",
        "a fee of one unit more",
        "sequence=",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE code = 17",
        "10001 taken, 10000 by the charter",
    ),
    planted_in(
        "ledger",
        "ledger.fees",
        "a fee of another than the payee",
        "sequence=",
        "UPDATE transfer_rows SET debit_number = "
        "(SELECT number FROM accounts WHERE (owner_id, kind) = ('{worker}'::uuid, 'member')) WHERE code = 17",
        "it stands behind no payment",
    ),
    planted_in(
        "ledger",
        "ledger.fees",
        "a fee that was forgiven",
        "sequence=",
        "UPDATE journal_entries SET time = time + interval '2 hours' "
        "WHERE number = (SELECT max(entry_number) FROM transfers WHERE code = 17);"
        "DELETE FROM transfer_rows WHERE code = 17",
        "a fee of 10000 was not taken",
    ),
    planted_in(
        "ledger",
        "ledger.frozen",
        "spent while it was frozen",
        "sequence=",
        "UPDATE account_freezes SET at = '2027-01-01' WHERE number = 1;"
        "UPDATE transfer_rows SET debit_number = credit_number, credit_number = debit_number "
        f"WHERE code = 10 AND credit_number = {_BACKER}",
        "it left an account that was frozen",
    ),
    planted_in(
        "ledger",
        "ledger.frozen",
        "a freeze that no officer signed",
        "freeze=1",
        "UPDATE account_freezes SET reason = 'Because' WHERE number = 1",
        "no officer signed it",
    ),
    planted_in(
        "ledger",
        "ledger.frozen",
        "a balance that is frozen without a freeze",
        "account_number=",
        f"UPDATE account_balances SET frozen_until = '2028-01-01' WHERE number = {_BACKER}",
        "by its freezes None",
    ),
    planted_in(
        "ledger",
        "ledger.closed",
        "money in a closed escrow",
        "account_number=",
        "UPDATE account_balances SET balance_minor = 1 WHERE closed_sequence > 0",
        "has 1 and moved last in",
    ),
    planted_in(
        "ledger",
        "ledger.closed",
        "an escrow that was opened again",
        "sequence=",
        "UPDATE account_balances SET closed_sequence = 0",
        "it closes its account, which was closed by 0",
    ),
    planted_in(
        "ledger",
        "ledger.allotments",
        "a unit moved from one share to another",
        "allotment_id=",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE id = " + _FIRST_PART + ";"
        "UPDATE transfer_rows SET amount_minor = amount_minor - 1 WHERE id = " + _SECOND_PART,
        "a destination got another share",
    ),
    planted_in(
        "ledger",
        "ledger.allotments",
        "terms that nobody signed",
        "allotment_id=",
        "UPDATE allotments SET terms = replace(terms, 'shares\":2', 'shares\":3') WHERE result = 'posted'",
        "not those that were signed",
    ),
    planted_in(
        "ledger",
        "ledger.allotments",
        "a part that was lost",
        "allotment_id=",
        "DELETE FROM transfer_rows WHERE id = " + _SECOND_PART,
        "1 parts are posted of 2",
    ),
    planted_in(
        "ledger",
        "ledger.grants",
        "a grant that was not halved",
        "member_id=",
        "UPDATE joining_grants SET number = 2001 WHERE member_id = '{worker}'",
    ),
)
