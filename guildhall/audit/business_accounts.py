"""The ledger's promise about businesses: their members pay by signed acts, within limits, and a closed one
gets nothing."""

from __future__ import annotations

from typing import Any

from guildhall.audit.business_holdings import BusinessHoldings
from guildhall.audit.payments_by_right import PaymentRows
from guildhall.audit.promises import Checked, House, Promise, none_of

ROWS = PaymentRows(
    19, "business_payments", "payer_id", "business_spending", "p.business_id", "business-payments"
)


async def payments(house: House) -> Checked:
    """Each payment, what it counted against, whose act it was, and by which post.

    Without a limit one may pay oneself.
    """
    checked = Checked()
    rows = await ROWS.read(house, checked)
    checked.numbers["payments from businesses"] = len(rows)
    holdings = await BusinessHoldings.read(house)
    for row in rows:
        fault = (
            _limit_fault(row, holdings)
            or ROWS.act_fault(row, [("business_id", str(row["business_id"]))])
            or holdings.post_fault(row)
        )
        if fault is not None:
            checked.wrong("ledger", ROWS.name(row), fault)
    await ROWS.count(house, checked, rows)
    return checked


def _limit_fault(row: Any, holdings: BusinessHoldings) -> str | None:
    if not row["holding_ids"]:
        return None
    if row["payee_id"] == row["payer_id"]:
        return "who has a limit paid themselves"
    fault = holdings.own_fault(row)
    if fault is not None:
        return fault
    return None if row["holding_ids"][0] == row["holding_id"] else "not counted against its own holding"


async def closing(house: House) -> Checked:
    """Each business that was told of has its account; once it has closed, that is shut: nothing comes in."""
    checked = Checked()
    checked.numbers["businesses"] = await house.number("ledger", "SELECT count(*) FROM businesses")
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT coalesce(k.union_id, a.union_id) AS union_id,
               coalesce(k.business_id, a.owner_id) AS business_id, k.state, b.shut_at
        FROM businesses k
        FULL JOIN (SELECT * FROM accounts WHERE kind = 'business') a
          ON (a.union_id, a.owner_id) = (k.union_id, k.business_id)
        LEFT JOIN account_balances b ON (b.union_id, b.number) = (a.union_id, a.number)
        WHERE k.state IS NULL OR a.id IS NULL OR (k.state = 'closed') <> (b.shut_at IS NOT NULL)
        """,
        "it is {state}, its account shut at {shut_at}",
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT t.union_id, t.sequence, b.shut_at FROM account_balances b
        JOIN transfers t ON (t.union_id, t.credit_number) = (b.union_id, b.number)
        JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
        WHERE e.time > b.shut_at
        """,
        "it came into an account that was shut at {shut_at}",
    )
    return checked


PROMISES = (
    Promise(
        "ledger",
        "ledger.businesses",
        "a business pays by acts of who has a post in it then, within limits",
        payments,
    ),
    Promise("ledger", "ledger.closed-businesses", "a business that has closed gets nothing", closing),
)
