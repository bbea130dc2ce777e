"""The ledger's promise about the treasury: officers pay by a living right, within it, never themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, Promise, none_of
from guildhall.audit.succession import HEADS

CODE = 18
HEARD_WITHIN = timedelta(seconds=1)
"""So late at most a service hears that a right has ended."""

_TRANSFERS = """
SELECT coalesce(t.union_id, p.union_id) AS union_id, coalesce(t.id, p.id) AS id
FROM (SELECT t.union_id, t.id, t.amount_minor, c.id AS credit_account, r.id AS principal_id
      FROM transfers t
      JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
      JOIN principals r ON (r.union_id, r.id) = (t.union_id, t.principal_id)
      WHERE t.code = 18) t
FULL JOIN treasury_payments p ON (p.union_id, p.id, p.officer_id) = (t.union_id, t.id, t.principal_id)
WHERE t.id IS NULL OR p.id IS NULL
   OR (t.amount_minor, t.credit_account) <> (p.amount_minor, p.credit_account)
"""
_PAYMENTS = f"""
SELECT p.*, a.owner_id AS payee_id, s.symbol, x.member_id AS signer_id, x.target_uri, x.body, x.is_erased
FROM treasury_payments p
JOIN accounts a ON (a.union_id, a.id) = (p.union_id, p.credit_account)
JOIN assets s ON s.union_id = p.union_id
LEFT JOIN {KEPT_ACTS} x ON (x.device_key_id, x.nonce) = (p.device_key_id, p.nonce)
ORDER BY p.union_id, p.paid_at, p.id
"""  # noqa: S608 - made of the audit's own text
_SPENT = "SELECT union_id, holding_id, spent_minor FROM office_spending"
_HOLDINGS = """
SELECT h.union_id, h.id, h.member_id, h.under_id, h.begins_at,
       least(h.until, coalesce(h.ended_at, h.until)) AS ends_at,
       (SELECT max((v.rights ->> 'spend')::bigint) FROM office_versions v
        WHERE (v.union_id, v.office_id) = (h.union_id, h.office_id)) AS limit_minor
FROM office_holdings h
"""


async def treasury(house: House) -> Checked:
    """Each payment, what it counted against, and whose act it was."""
    checked = Checked()
    await none_of(house, checked, "ledger", _TRANSFERS, "a payment and its transfer do not fit")
    heads = await house.rows("identity", f"SELECT * FROM {HEADS} AS heads")  # noqa: S608 - the audit's own
    holdings = {(row["union_id"], row["id"]): row for row in await house.rows("identity", _HOLDINGS)}
    spent: Counter[tuple[UUID, UUID]] = Counter()
    payments = await house.rows("ledger", _PAYMENTS)
    checked.numbers["payments from treasuries"] = len(payments)
    for row in payments:
        for holding_id, limit_minor in zip(row["holding_ids"], row["limits"], strict=True):
            spent[row["union_id"], holding_id] += row["amount_minor"]
            if spent[row["union_id"], holding_id] > limit_minor:
                checked.wrong("ledger", _name(row), f"more than {limit_minor} by holding {holding_id}")
        fault = _act_fault(row) or _right_fault(row, holdings, heads)
        if fault is not None:
            checked.wrong("ledger", _name(row), fault)
    counted = {
        (row["union_id"], row["holding_id"]): row["spent_minor"] for row in await house.rows("ledger", _SPENT)
    }
    for key in sorted(counted.keys() | spent.keys()):
        if counted.get(key, 0) != spent[key]:
            named = f"union_id={key[0]} holding_id={key[1]}"
            wrong = f"spent {counted.get(key, 0)} by its counter, {spent[key]} by counting"
            checked.wrong("ledger", named, wrong)
    return checked


def _name(row: Any) -> str:
    return f"union_id={row['union_id']} officer_id={row['officer_id']} id={row['id']}"


def _act_fault(row: Any) -> str | None:
    if row["payee_id"] is None or row["payee_id"] == row["officer_id"]:
        return "an officer paid themselves"
    if row["signer_id"] != row["officer_id"] or not row["target_uri"].endswith(
        f"/treasury-payments/{row['id']}"
    ):
        return "no act of the officer's asks for it"
    if row["is_erased"]:
        return None  # what it said went with them, for the memo in it
    said = orjson.loads(row["body"])
    names = {f"members/{row['payee_id']}", str(row["credit_account"])}
    agreed = (said["amount"]["asset"], int(said["amount"]["minor"])) == (row["symbol"], row["amount_minor"])
    return None if agreed and said["account"] in names else "the act says something else"


def _was_head(row: Any, heads: Sequence[Any]) -> bool:
    return any(
        (head["union_id"], head["head_id"]) == (row["union_id"], row["officer_id"])
        and head["since"] <= row["paid_at"]
        and (head["until"] is None or row["paid_at"] < head["until"] + HEARD_WITHIN)
        for head in heads
    )


def _right_fault(row: Any, holdings: dict[tuple[UUID, UUID], Any], heads: Sequence[Any]) -> str | None:
    """The holdings are a chain from the officer's own up to the founder's appointment, and lived then."""
    if not row["holding_ids"]:
        return None if _was_head(row, heads) else "paid without a right to spend"
    expected, holder = row["holding_ids"][0], row["officer_id"]
    for holding_id, limit_minor in zip(row["holding_ids"], row["limits"], strict=True):
        holding = holdings.get((row["union_id"], holding_id))
        if holding is None or holding_id != expected or holder not in (None, holding["member_id"]):
            return "not by a holding of the officer's, and those by which it was given"
        if not holding["begins_at"] <= row["paid_at"] < holding["ends_at"] + HEARD_WITHIN:
            return f"holding {holding_id} did not live then"
        if holding["limit_minor"] is None or limit_minor > holding["limit_minor"]:
            return f"holding {holding_id} never had {limit_minor} to spend"
        expected, holder = holding["under_id"], None
    return None if expected is None else "not counted against who appointed"


PROMISES = (
    Promise(
        "ledger", "ledger.treasury", "the treasury pays by a living right alone, and within it", treasury
    ),
)
