"""What the ledger gives out of one member: their accounts, what moved on them, and what they fixed ahead."""

from chassis.member_export.declaration import OWN_ACTS, MemberExport, queries

_OWN = "SELECT a.union_id, a.number FROM accounts a WHERE a.owner_id = $1"

EXPORTED = MemberExport(
    parts=queries(
        f"""
accounts: SELECT union_id, id, kind, asset, opened_at FROM accounts WHERE owner_id = $1 ORDER BY union_id, id
account_balances: SELECT b.union_id, a.id AS account_id, b.balance_minor, b.reserved_minor,
    b.expected_minor, b.frozen_until FROM account_balances b
    JOIN accounts a ON (a.union_id, a.number) = (b.union_id, b.number)
    WHERE a.owner_id = $1 ORDER BY b.union_id, a.id
transfers: WITH RECURSIVE own AS ({_OWN}), walk AS (
        SELECT b.union_id, b.number, b.last_sequence AS at FROM account_balances b
        JOIN own ON (own.union_id, own.number) = (b.union_id, b.number)
        UNION ALL
        SELECT w.union_id, w.number,
               CASE WHEN t.debit_number = w.number THEN t.debit_previous ELSE t.credit_previous END
        FROM walk w JOIN transfers t ON (t.union_id, t.sequence) = (w.union_id, w.at) WHERE w.at > 0)
    SELECT w.union_id, t.sequence, t.id, d.id AS debit_account, c.id AS credit_account,
           t.amount_minor, d.asset, t.code, e.time, m.memo
    FROM walk w
    JOIN transfers t ON (t.union_id, t.sequence) = (w.union_id, w.at)
    JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
    JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
    JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
    LEFT JOIN transfer_memos m ON (m.union_id, m.sequence) = (t.union_id, t.sequence)
holds: SELECT h.union_id, h.id, h.amount_minor, h.expires_at, h.state, h.taken_minor FROM holds h
    WHERE (h.union_id, h.debit_number) IN ({_OWN}) ORDER BY h.union_id, h.id
mandates: SELECT m.union_id, m.id, c.id AS payee_account, m.cap_minor, m.renews_every_days, m.given_at,
    m.expires_at FROM mandates m JOIN accounts c ON (c.union_id, c.number) = (m.union_id, m.payee_number)
    WHERE (m.union_id, m.debit_number) IN ({_OWN}) ORDER BY m.union_id, m.id
schedules: SELECT s.union_id, s.id, c.id AS payee_account, s.amount_minor, s.first_at, s.every, s.zone,
    s.times, p.memo, p.posted_count, p.stopped_at FROM schedules s
    JOIN schedule_progress p
        ON (p.union_id, p.debit_number, p.schedule_id) = (s.union_id, s.debit_number, s.id)
    JOIN accounts c ON (c.union_id, c.number) = (s.union_id, s.credit_number)
    WHERE (s.union_id, s.debit_number) IN ({_OWN}) ORDER BY s.union_id, s.id
account_freezes: SELECT f.union_id, a.id AS account_id, f.at, f.until, f.reason FROM account_freezes f
    JOIN accounts a ON (a.union_id, a.number) = (f.union_id, f.account_number)
    WHERE a.owner_id = $1 ORDER BY f.union_id, f.at
joining_grants: SELECT g.union_id, g.state, g.day, g.amount_minor FROM joining_grants g
    WHERE g.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND g.member_id = $1
    ORDER BY g.union_id
allotments: SELECT l.union_id, l.id, l.terms, l.result FROM allotments l
    WHERE l.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND l.principal_id = $1
    ORDER BY l.union_id, l.id
treasury_payments: SELECT p.union_id, p.id, p.credit_account, p.amount_minor, p.paid_at
    FROM treasury_payments p
    WHERE p.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND p.officer_id = $1
    ORDER BY p.union_id, p.id
business_payments: SELECT p.union_id, p.id, p.business_id, p.credit_account, p.amount_minor, p.paid_at
    FROM business_payments p
    WHERE p.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND p.payer_id = $1
    ORDER BY p.union_id, p.id
deposits: SELECT d.union_id, d.id, d.transaction_hash, d.depositor, d.chain_amount, d.state FROM deposits d
    WHERE d.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND d.member_id = $1
    ORDER BY d.union_id, d.id
withdrawals: SELECT w.union_id, w.id, w.recipient, w.state, w.transaction_hash FROM withdrawals w
    WHERE w.union_id IN (SELECT m.union_id FROM memberships m WHERE m.member_id = $1) AND w.member_id = $1
    ORDER BY w.union_id, w.id
"""  # noqa: S608 - made of this file's own text
        + OWN_ACTS
    ),
    left_out={
        "unions": "a union's own",
        "memberships": "identity's, which gives them",
        "office_grants": "identity's, which gives them",
        "assets": "a union's own",
        "journal_heads": "a union's own",
        "journal_entries": "a union's own; its journal is a file for everybody",
        "journal_keys": "a union's own",
        "transfer_rows": "given as transfers",
        "principals": "numbers of ids",
        "refused_transfers": "what did not happen",
        "transfer_memos": "given with transfers",
        "transfer_acts": "which act is behind which transfer; the acts are given",
        "transfer_particulars": "of holds and mandates, which are given",
        "transfer_reasons": "figures of the rules",
        "mandate_uses": "counted of transfers, which are given",
        "schedule_progress": "given with schedules",
        "contributions": "counted of transfers, which are given",
        "device_keys": "identity's, which gives them",
        "businesses": "a business' own",
        "business_grants": "identity's, which gives them",
        "business_spending": "of businesses, which identity gives",
        "office_spending": "of offices, which identity gives",
        "grant_budgets": "a union's own",
        "decision_effects": "a union's own",
        "supply_limits": "a union's own",
        "runs": "services' own",
        "run_lines": "services' own; what came of them is given as transfers",
        "run_refusals": "services' own",
        "bridges": "a union's own",
        "chain_blocks": "of nobody",
        "chain_operators": "the deployment's own",
        "chain_transactions": "the deployment's own",
        "chain_attempts": "the deployment's own",
    },
)
