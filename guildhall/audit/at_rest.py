"""Accounts at rest: what leaves one that is frozen, or touches one that is closed."""

from __future__ import annotations

from typing import Any

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

_SPENT = """
WITH frozen AS (
    SELECT union_id, account_number, number, at,
           least(until, lead(at) OVER (PARTITION BY union_id, account_number ORDER BY number)) AS until
    FROM account_freezes)
SELECT t.union_id, t.sequence, f.number AS freeze FROM frozen f
JOIN transfers t ON (t.union_id, t.debit_number) = (f.union_id, f.account_number)
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
WHERE e.time >= f.at AND e.time < f.until AND t.code IN (6, 10, 11, 15, 16, 19, 20, 30)
"""
_FREEZES = """
SELECT f.*, a.id AS account_id, s.member_id AS signer_id, s.method, s.target_uri, s.body
FROM account_freezes f
JOIN accounts a ON (a.union_id, a.number) = (f.union_id, f.account_number)
LEFT JOIN signed_acts s ON (s.device_key_id, s.nonce) = (f.device_key_id, f.nonce)
"""


async def frozen(house: House) -> Checked:
    """Nothing that its member would spend leaves an account while it is frozen; each freeze is signed, and
    the newest one is what the balance says."""
    rows = await house.rows("ledger", _FREEZES)
    checked = Checked({"freezes and thaws": len(rows)})
    await none_of(house, checked, "ledger", _SPENT, "it left an account that was frozen ({freeze})")
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT b.union_id, b.number AS account_number, b.frozen_until, f.until
        FROM account_balances b LEFT JOIN (
            SELECT DISTINCT ON (union_id, account_number) union_id, account_number, until
            FROM account_freezes ORDER BY union_id, account_number, number DESC) f
          ON (f.union_id, f.account_number) = (b.union_id, b.number)
        WHERE b.frozen_until IS DISTINCT FROM f.until
        """,
        "frozen until {frozen_until}, by its freezes {until}",
    )
    for row in rows:
        if not _is_signed(row):
            named = (
                f"union_id={row['union_id']} account_number={row['account_number']} freeze={row['number']}"
            )
            checked.wrong("ledger", named, "no officer signed it")
    return checked


def _is_signed(row: Any) -> bool:
    if (
        row["signer_id"] != row["officer_id"]
        or f"/accounts/{row['account_id']}/freeze" not in row["target_uri"]
    ):
        return False
    if row["until"] is None:
        return row["method"] == "DELETE"
    try:
        return row["method"] == "PUT" and orjson.loads(row["body"])["reason"] == row["reason"]
    except (ValueError, TypeError, KeyError):
        return False


async def closed(house: House) -> Checked:
    """What was closed was emptied by the transfer that says so, and nothing came after."""
    checked = Checked()
    checked.numbers["closed accounts"] = await house.number(
        "ledger", "SELECT count(*) FROM account_balances WHERE closed_sequence > 0"
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT b.union_id, b.number AS account_number, b.closed_sequence, b.last_sequence, b.balance_minor
        FROM account_balances b LEFT JOIN transfers t
          ON (t.union_id, t.sequence, t.debit_number) = (b.union_id, b.closed_sequence, b.number)
        WHERE (b.closed_sequence > 0 AND
               (b.balance_minor <> 0 OR b.last_sequence <> b.closed_sequence OR coalesce(t.flags, 0) & 8 = 0))
        """,
        "closed by {closed_sequence}, has {balance_minor} and moved last in {last_sequence}",
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT t.union_id, t.sequence, b.closed_sequence FROM transfers t
        JOIN account_balances b ON (b.union_id, b.number) = (t.union_id, t.debit_number)
        WHERE t.flags & 8 > 0 AND b.closed_sequence <> t.sequence
        """,
        "it closes its account, which was closed by {closed_sequence}",
    )
    return checked


PROMISES = (
    Promise("ledger", "ledger.frozen", "nothing is spent from a frozen account", frozen),
    Promise("ledger", "ledger.closed", "a closed account is empty for ever", closed),
)
