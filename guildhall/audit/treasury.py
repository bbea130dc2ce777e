"""The ledger's promise about the treasury: officers pay by a living right, within it, never themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from guildhall.audit.business_holdings import BusinessHoldings
from guildhall.audit.payments_by_right import PaymentRows
from guildhall.audit.promises import Checked, House, Promise
from guildhall.audit.succession import HEADS

HEARD_WITHIN = timedelta(seconds=1)
"""So late at most a service hears that a right has ended."""
ROWS = PaymentRows(18, "treasury_payments", "officer_id", "office_spending", "NULL", "treasury-payments")

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
    heads = await house.rows("identity", f"SELECT * FROM {HEADS} AS heads")  # noqa: S608 - the audit's own
    holdings = {(row["union_id"], row["id"]): row for row in await house.rows("identity", _HOLDINGS)}
    in_businesses = await BusinessHoldings.read(house)
    payments = await ROWS.read(house, checked)
    checked.numbers["payments from treasuries"] = len(payments)
    for row in payments:
        fault = (
            _payee_fault(row)
            or in_businesses.own_fault(row)
            or ROWS.act_fault(row)
            or _right_fault(row, holdings, heads)
        )
        if fault is not None:
            checked.wrong("ledger", ROWS.name(row), fault)
    await ROWS.count(house, checked, payments)
    return checked


def _payee_fault(row: Any) -> str | None:
    is_own = row["payee_id"] is None or row["payee_id"] == row["officer_id"]
    return "an officer paid themselves" if is_own else None


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
