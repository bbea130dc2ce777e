"""Schedules: what members fixed ahead was paid as they signed it, once for each due time and not before."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, Promise
from services.ledger.domain.schedules import Every, Schedule

_SCHEDULES = f"""
SELECT s.*, p.memo, p.next_number, p.posted_count, p.refused_count, p.stopped_at, d.id AS debit_account,
       d.owner_id AS payer_id, d.asset, c.id AS credit_account, c.kind AS payee_kind, c.owner_id AS payee_id,
       a.member_id AS signer_id, a.method, a.target_uri, a.body, a.is_erased
FROM schedules s
JOIN schedule_progress p
  ON (p.union_id, p.debit_number, p.schedule_id) = (s.union_id, s.debit_number, s.id)
JOIN accounts d ON (d.union_id, d.number) = (s.union_id, s.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (s.union_id, s.credit_number)
LEFT JOIN {KEPT_ACTS} a ON (a.device_key_id, a.nonce) = (s.device_key_id, s.nonce)
"""  # noqa: S608 - made of the audit's own text
_PAID = """
SELECT t.union_id, t.debit_number, t.credit_number, t.sequence, t.amount_minor, e.time, p.mandate_id
FROM transfers t
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
WHERE t.code = 16 ORDER BY t.union_id, t.sequence
"""
_Key = tuple[UUID, int, UUID | None]


async def schedules(house: House) -> Checked:
    """No payment without a schedule that its payer signed; as many as were due, none before its time."""
    checked = Checked()
    given: dict[_Key, Any] = {
        (row["union_id"], row["debit_number"], row["id"]): row
        for row in await house.rows("ledger", _SCHEDULES)
    }
    paid: dict[_Key, list[Any]] = defaultdict(list)
    for row in await house.rows("ledger", _PAID):
        key = (row["union_id"], row["debit_number"], row["mandate_id"])
        named = f"union_id={row['union_id']} sequence={row['sequence']}"
        schedule = given.get(key)
        if schedule is None:
            checked.wrong("ledger", named, "paid without a schedule")
            continue
        paid[key].append(row)
        terms = (schedule["credit_number"], schedule["amount_minor"])
        if (row["credit_number"], row["amount_minor"]) != terms:
            checked.wrong("ledger", named, "paid otherwise than the schedule says")
    checked.numbers |= {"schedules": len(given), "paid by schedule": sum(map(len, paid.values()))}
    for key, row in given.items():
        named = f"union_id={key[0]} account_number={key[1]} schedule_id={key[2]} next={row['next_number']}"
        for wrong in _faults(row, [payment["time"] for payment in paid[key]]):
            checked.wrong("ledger", named, wrong)
    return checked


def _faults(row: Any, times: list[datetime]) -> list[str]:
    faults: list[str] = []
    # What an erased member said went with them, for the memo in it.
    is_said = row["is_erased"] or _signed_terms(row) == _terms(row)
    if row["signer_id"] != row["payer_id"] or not is_said:
        faults.append("its giver did not sign these terms")
    if row["posted_count"] != len(times):
        faults.append(f"{row['posted_count']} paid by its count, {len(times)} by its transfers")
    if row["next_number"] != row["posted_count"] + row["refused_count"]:
        faults.append(f"{row['next_number']} times went by, {row['posted_count']} of them paid")
    schedule = Schedule(
        row["id"],
        row["debit_account"],
        row["credit_account"],
        row["amount_minor"],
        row["first_at"],
        Every(row["every"]),
        row["zone"],
        row["times"],
    )
    for number, time in enumerate(times):  # the n-th payment is of the n-th due or of a later one
        due = schedule.due(number)
        if due is None or time < due:
            faults.append(f"payment {number + 1} at {time} was not due")
    if row["stopped_at"] is not None and any(time >= row["stopped_at"] for time in times):
        faults.append("paid after it was stopped")
    return faults


def _terms(row: Any) -> tuple[Any, ...]:
    amount = {"asset": row["asset"], "minor": str(row["amount_minor"])}
    times = None if row["every"] == "once" else row["times"]
    return (amount, row["first_at"], row["every"], row["zone"], times, row["memo"])


def _signed_terms(row: Any) -> tuple[Any, ...] | None:
    """What the act's body says; None where it cannot be read, or was for another schedule or payee."""
    if row["method"] != "PUT" or not row["target_uri"].lower().endswith(f"/schedules/{row['id']}"):
        return None
    try:
        said = orjson.loads(row["body"])
        payees = {str(row["credit_account"]), f"members/{row['payee_id']}", row["payee_kind"]}
        if said["payee"].lower() not in payees:
            return None
        times = None if said["every"] == "once" else said.get("times")
        first_at = datetime.fromisoformat(said["first_at"])
        return (said["amount"], first_at, said["every"], said["zone"], times, said.get("memo"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


PROMISES = (
    Promise("ledger", "ledger.schedules", "what was fixed ahead is paid once for each due", schedules),
)
