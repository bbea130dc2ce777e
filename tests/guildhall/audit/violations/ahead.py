"""What members fixed ahead: holds, mandates, schedules."""

from tests.guildhall.audit.violations.postings import POST
from tests.guildhall.audit.violations.violation import planted_in

AHEAD = (
    planted_in(
        "ledger",
        "ledger.holds",
        "an amount reserved for nothing",
        "account_number=",
        "UPDATE account_balances SET reserved_minor = reserved_minor + 1 WHERE number = "
        "(SELECT number FROM accounts WHERE (owner_id, kind) = ('{backer}'::uuid, 'member'))",
        "1 reserved and 10000000 expected, by its holds 0 and 10000000",
    ),
    planted_in(
        "ledger",
        "ledger.holds",
        "a hold made longer",
        "sequence=",
        "UPDATE holds SET expires_at = expires_at + interval '1 day' WHERE state = 'pending'",
        "not what its transfer opened",
    ),
    planted_in(
        "ledger",
        "ledger.holds",
        "a hold taken after its time",
        "sequence=",
        "UPDATE journal_entries SET time = time + interval '8 days' "
        "WHERE number = (SELECT entry_number FROM transfers WHERE code = 12)",
        "its time ended at",
    ),
    planted_in(
        "ledger",
        "ledger.holds",
        "a hold taken twice",
        "sequence=",
        POST.format(debit="debit_number", credit="credit_number", code=12, where="code = 12")
        + "INSERT INTO transfer_particulars (union_id, sequence, pending_id) "
        "SELECT union_id, (SELECT max(sequence) FROM transfers), pending_id FROM transfer_particulars "
        "JOIN transfers USING (union_id, sequence) WHERE code = 12",
        "ended 2 times",
    ),
    planted_in(
        "ledger",
        "ledger.holds",
        "a released hold that still waits",
        "sequence=",
        "UPDATE holds SET state = 'pending', closed_sequence = NULL WHERE state = 'voided'",
        "the hold is pending, by its transfers voided",
    ),
    planted_in(
        "ledger",
        "ledger.mandates",
        "more taken than the cap",
        "mandate_id=",
        "UPDATE mandates SET cap_minor = 1000000",
        "3000000 taken in period 0, the cap is 1000000",
    ),
    planted_in(
        "ledger",
        "ledger.mandates",
        "a mandate that lasts longer than was signed",
        "mandate_id=",
        "UPDATE mandates SET expires_at = expires_at + interval '1 day'",
        "did not sign these terms",
    ),
    planted_in(
        "ledger",
        "ledger.mandates",
        "a use that was forgotten",
        "mandate_id=",
        "UPDATE mandate_uses SET used_minor = 0",
        "0 used in period 0, by its transfers",
    ),
    planted_in(
        "ledger",
        "ledger.mandates",
        "taken after it was revoked",
        "sequence=",
        "UPDATE mandate_uses u SET revoked_at = m.given_at FROM mandates m WHERE m.id = u.mandate_id",
        "after its end",
    ),
    planted_in(
        "ledger",
        "ledger.mandates",
        "taken by the mandate of nobody",
        "sequence=",
        "UPDATE transfer_particulars SET mandate_id = gen_random_uuid() WHERE mandate_id IS NOT NULL",
        "taken without a mandate",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "more paid than the schedule says",
        "sequence=",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE code = 16",
        "otherwise than the schedule says",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "paid by the schedule of nobody",
        "sequence=",
        "UPDATE transfer_particulars SET mandate_id = gen_random_uuid() "
        "WHERE sequence = (SELECT min(sequence) FROM transfers WHERE code = 16)",
        "paid without a schedule",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "a schedule that pays more often than was signed",
        "schedule_id=",
        "UPDATE schedules SET times = 300",
        "did not sign these terms",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "paid before it was due",
        "schedule_id=",
        "UPDATE journal_entries SET time = time - interval '1 hour' "
        "WHERE number = (SELECT min(entry_number) FROM transfers WHERE code = 16)",
        "was not due",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "paid after it was stopped",
        "schedule_id=",
        "UPDATE schedule_progress SET stopped_at = stopped_at - interval '1 day'",
        "after it was stopped",
    ),
    planted_in(
        "ledger",
        "ledger.schedules",
        "a payment that was not counted",
        "schedule_id=",
        "UPDATE schedule_progress SET posted_count = 0",
        "0 paid by its count, 1 by its transfers",
    ),
    planted_in(
        "ledger",
        "ledger.not-negative",
        "what was held for another was spent",
        "account_number=",
        "UPDATE transfer_rows SET amount_minor = 1000000000000 WHERE sequence = "
        "(SELECT max(sequence) FROM transfers WHERE code = 11)",
        "without what it held",
    ),
    planted_in(
        "ledger",
        "house.facts",
        "a hold that was never told",
        "{union}:",
        "SELECT 1",
        "hold.changed was never told",
        bus="DELETE FROM log WHERE type = 'hold.changed'",
    ),
    planted_in(
        "ledger",
        "house.said",
        "a mandate whose event is lost",
        "mandate={union}:{supporter}:",
        "UPDATE mandate_uses SET version = version + 1",
    ),
    planted_in(
        "ledger",
        "house.said",
        "a schedule whose event is lost",
        "schedule={union}:{supporter}:",
        "UPDATE schedule_progress SET version = version + 1",
    ),
)
