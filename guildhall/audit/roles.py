"""What is append-only is so by the database's own word: the run-time roles may not change it."""

from __future__ import annotations

from guildhall.audit.promises import Checked, House, Promise
from guildhall.postgres.roles import DatabaseRoles

EVERYWHERE = ("act_log", "signed_acts", "erased_members")
APPEND_ONLY = {
    "identity": (
        "charters",
        "charter_acceptances",
        "handles",
        "handle_looks",
        "device_certificates",
        "encryption_keys",
        "recovery_votes",
        "office_versions",
        "successions",
        "business_share_changes",
        "business_approvals",
        "operator_changes",
        "operator_acts",
        "operator_act_unions",
        "operator_appeals",
        "operator_rulings",
    ),
    "graph": ("graph_changes",),
    "market": (),
    "ledger": (
        "assets",
        "accounts",
        "transfer_rows",
        "principals",
        "refused_transfers",
        "transfer_memos",
        "transfer_acts",
        "transfer_particulars",
        "mandates",
        "schedules",
        "journal_entries",
        "journal_keys",
        "device_keys",
        "run_lines",
        "run_refusals",
        "account_freezes",
        "allotments",
        "decision_effects",
        "supply_limits",
        "transfer_reasons",
        "treasury_payments",
        "business_payments",
        "chain_attempts",
    ),
    "funding": (),
}
"""By service, written out a second time."""


async def append_only(house: House) -> Checked:
    """No run-time role owns a table, or may change or remove a row of what is append-only."""
    checked = Checked({"tables": 0})
    for service, own in APPEND_ONLY.items():
        role = DatabaseRoles.of(service).runner
        tables = [*EVERYWHERE, *own]
        checked.count("tables", len(tables))
        for row in await house.rows(
            service,
            """
            SELECT t AS name, p AS privilege FROM unnest($2::text[]) t, unnest($3::text[]) p
            WHERE has_table_privilege($1, t, p)
            """,
            role,
            tables,
            ["UPDATE", "DELETE", "TRUNCATE"],
        ):
            checked.wrong(service, f"table={row['name']} role={role}", f"the role may {row['privilege']}")
        for row in await house.rows(
            service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = $1", role
        ):
            checked.wrong(service, f"table={row['tablename']} role={role}", "the role owns the table")
    return checked


PROMISES = (Promise("house", "house.append-only", "a running service cannot rewrite history", append_only),)
