"""What the ledger keeps of persons. The books stay whole under the id: a memo goes with its salt."""

from chassis.erasure import CHASSIS_STAYS, Erasure, PersonalData

_OWN_ACCOUNTS = "SELECT a.union_id, a.number FROM accounts a WHERE a.owner_id = $1"
# From each account's newest transfer back to its first: those that it was debited by are its member's words.
_OWN_DEBITS = f"""
WITH RECURSIVE own AS ({_OWN_ACCOUNTS}), walk AS (
    SELECT b.union_id, b.number, b.last_sequence AS at FROM account_balances b
    JOIN own ON (own.union_id, own.number) = (b.union_id, b.number)
    UNION ALL
    SELECT w.union_id, w.number,
           CASE WHEN t.debit_number = w.number THEN t.debit_previous ELSE t.credit_previous END
    FROM walk w JOIN transfers t ON (t.union_id, t.sequence) = (w.union_id, w.at) WHERE w.at > 0)
SELECT w.union_id, t.sequence FROM walk w
JOIN transfers t ON (t.union_id, t.sequence) = (w.union_id, w.at) WHERE t.debit_number = w.number
"""  # noqa: S608 - made of this file's own text

PERSONAL = PersonalData(
    erased=(
        Erasure(
            "transfer_memos", f"(union_id, sequence) IN ({_OWN_DEBITS})", {"memo": "NULL", "salt": "NULL"}
        ),
        Erasure(
            "signed_acts",
            """member_id = $1 AND encode(body, 'escape') ~ '"memo"\\s*:\\s*"'""",
            {"body": "''::bytea"},
        ),
        Erasure(
            "device_keys",
            "member_id = $1",
            {"wallet_address": "NULL", "certificate_message": "''", "certificate_signature": "''"},
        ),
        Erasure("schedule_progress", f"(union_id, debit_number) IN ({_OWN_ACCOUNTS})", {"memo": "NULL"}),
    ),
    stays={
        **CHASSIS_STAYS,
        "unions": "a union's own",
        "memberships": "ids, states and times",
        "office_grants": "ids and limits",
        "assets": "a union's own",
        "accounts": "the books: ids",
        "account_freezes": "what an officer wrote",
        "journal_heads": "the books: hashes",
        "journal_entries": "the books: hashes",
        "journal_keys": "salts of the books' rows",
        "refused_transfers": "the books: ids and results",
        "transfer_memos.commitment": "the leaf of the journal, which says nothing without its salt",
        "transfer_acts": "the books: ids",
        "holds": "the books: ids, amounts and states",
        "mandates": "the books: ids and amounts",
        "schedules": "the books: amounts and times",
        "device_keys": "by which acts are checked",
        "joining_grants": "the books: ids and states",
        "decision_effects": "a union's own",
        "transfer_reasons": "the books: figures",
        "businesses": "ids and states",
        "business_grants": "ids and limits",
        "business_payments": "the books: ids and amounts",
        "treasury_payments": "the books: ids and amounts",
        "runs": "the books: ids, counts and states",
        "run_lines": "the books: ids and amounts",
        "run_refusals": "the books: results",
        "allotments": "the books: accounts and amounts",
        "bridges": "a union's own",
        "chain_blocks": "what is on the chain for everybody",
        "deposits": "what is on the chain for everybody",
        "withdrawals": "what is on the chain for everybody",
        "chain_operators": "a deployment's own",
        "chain_transactions": "a deployment's own",
        "chain_attempts": "what is on the chain for everybody",
    },
)
