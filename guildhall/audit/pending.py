"""Holds and mandates: what is reserved, taken and given back, and what a member let another one take."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

HOLD, HOLD_POST, HOLD_VOID, HOLD_EXPIRE, MANDATE_PAY = range(11, 16)
STATES = {HOLD_POST: "posted", HOLD_VOID: "voided", HOLD_EXPIRE: "expired"}

_OPENED = """
SELECT t.union_id, t.debit_number, t.credit_number, t.id, t.sequence, t.amount_minor, t.principal_id, e.time,
       p.timeout_seconds, d.owner_id AS payer_id, h.credit_number AS hold_credit_number,
       h.sequence AS hold_sequence, h.amount_minor AS hold_minor, h.expires_at, h.state, h.taken_minor,
       h.closed_sequence
FROM transfers t
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
LEFT JOIN holds h ON (h.union_id, h.debit_number, h.id) = (t.union_id, t.debit_number, t.id)
WHERE t.code = 11
"""
_ENDED = """
SELECT t.union_id, t.debit_number, t.credit_number, t.sequence, t.amount_minor, t.code, t.principal_id,
       e.time, p.pending_id, c.owner_id AS payee_id
FROM transfers t
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
WHERE t.code IN (12, 13, 14) ORDER BY t.union_id, t.sequence
"""
_RESERVED = """
WITH open AS (
    SELECT t.union_id, t.debit_number, t.credit_number, t.amount_minor FROM transfers t
    WHERE t.code = 11 AND NOT EXISTS (
        SELECT FROM transfers x JOIN transfer_particulars p USING (union_id, sequence)
        WHERE x.union_id = t.union_id AND x.debit_number = t.debit_number AND x.code IN (12, 13, 14)
          AND p.pending_id = t.id)),
summed AS (
    SELECT union_id, number, sum(reserved)::bigint AS reserved, sum(expected)::bigint AS expected FROM (
        SELECT union_id, debit_number AS number, amount_minor AS reserved, 0 AS expected FROM open
        UNION ALL SELECT union_id, credit_number, 0, amount_minor FROM open) sides
    GROUP BY union_id, number)
SELECT union_id, number AS account_number, b.reserved_minor, b.expected_minor,
       coalesce(s.reserved, 0) AS held_minor, coalesce(s.expected, 0) AS held_for_minor
FROM account_balances b FULL JOIN summed s USING (union_id, number)
WHERE (coalesce(b.reserved_minor, 0), coalesce(b.expected_minor, 0))
   <> (coalesce(s.reserved, 0), coalesce(s.expected, 0))
"""
_TAKEN = """
SELECT t.union_id, t.debit_number, t.credit_number, t.sequence, t.amount_minor, t.principal_id, e.time,
       p.mandate_id, c.owner_id AS payee_id
FROM transfers t
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
WHERE t.code = 15 ORDER BY t.union_id, t.sequence
"""
_MANDATES = """
SELECT m.*, u.period, u.used_minor, u.revoked_at, d.owner_id AS payer_id, d.asset, c.owner_id AS payee_id,
       s.member_id AS signer_id, s.method, s.target_uri, s.body
FROM mandates m
JOIN accounts d ON (d.union_id, d.number) = (m.union_id, m.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (m.union_id, m.payee_number)
LEFT JOIN mandate_uses u ON (u.union_id, u.debit_number, u.mandate_id) = (m.union_id, m.debit_number, m.id)
LEFT JOIN signed_acts s ON (s.device_key_id, s.nonce) = (m.device_key_id, m.nonce)
"""


async def holds(house: House) -> Checked:
    """A hold ends once: taken or released by its payee before its time, or given back from then on."""
    checked = Checked()
    opened = {_key(row, row["id"]): row for row in await house.rows("ledger", _OPENED)}
    ends: dict[tuple[UUID, int, UUID | None], list[Any]] = defaultdict(list)
    for row in await house.rows("ledger", _ENDED):
        ends[_key(row, row["pending_id"])].append(row)
    checked.numbers["holds"] = len(opened)
    checked.numbers["holds pending"] = sum(key not in ends for key in opened)
    for key, rows in ends.items():
        if key not in opened:
            named = f"union_id={key[0]} sequence={rows[0]['sequence']}"
            checked.wrong("ledger", named, "it ends a hold that nobody opened")
    for key, row in opened.items():
        for wrong in _hold_faults(row, ends.get(key, [])):
            checked.wrong("ledger", f"union_id={key[0]} sequence={row['sequence']}", wrong)
    await none_of(
        house,
        checked,
        "ledger",
        "SELECT union_id, debit_number AS account_number, h.id FROM holds h WHERE NOT EXISTS ("
        "SELECT FROM transfers t WHERE (t.union_id, t.debit_number, t.id, t.code) "
        "= (h.union_id, h.debit_number, h.id, 11))",
        "a hold that no transfer opened",
    )
    await none_of(
        house,
        checked,
        "ledger",
        _RESERVED,
        "{reserved_minor} reserved and {expected_minor} expected, by its holds {held_minor} and "
        "{held_for_minor}",
    )
    return checked


def _hold_faults(row: Any, ends: list[Any]) -> list[str]:
    faults: list[str] = []
    if row["principal_id"] != row["payer_id"]:
        faults.append("another one than the payer opened the hold")
    until = row["time"] + timedelta(seconds=row["timeout_seconds"] or 0)
    said = (row["credit_number"], row["sequence"], row["amount_minor"], until)
    if said != (row["hold_credit_number"], row["hold_sequence"], row["hold_minor"], row["expires_at"]):
        faults.append("the hold is not what its transfer opened")
    if len(ends) > 1:
        faults.append(f"the hold ended {len(ends)} times")
    end = ends[0] if ends else None
    closed = ("pending", 0, None) if end is None else _closed_by(end)
    if closed != (row["state"], row["taken_minor"], row["closed_sequence"]):
        faults.append(f"the hold is {row['state']}, by its transfers {closed[0]}")
    return faults if end is None else [*faults, *_end_faults(row, end, until)]


def _closed_by(end: Any) -> tuple[str, int, int]:
    taken_minor = end["amount_minor"] if end["code"] == HOLD_POST else 0
    return STATES[end["code"]], taken_minor, end["sequence"]


def _end_faults(row: Any, end: Any, until: datetime) -> list[str]:
    faults: list[str] = []
    if end["credit_number"] != row["credit_number"]:
        faults.append("the hold was ended for another account")
    if end["code"] != HOLD_EXPIRE and end["principal_id"] != end["payee_id"]:
        faults.append("another one than the payee ended the hold")
    fits = end["amount_minor"] == row["amount_minor"]
    if not (fits or (end["code"] == HOLD_POST and end["amount_minor"] < row["amount_minor"])):
        faults.append(f"{end['amount_minor']} of {row['amount_minor']} that were held")
    if (end["time"] >= until) != (end["code"] == HOLD_EXPIRE):
        faults.append(f"{STATES[end['code']]} at {end['time']}, its time ended at {until}")
    return faults


async def mandates(house: House) -> Checked:
    """A mandate is what its giver signed; its payee took no more, no earlier and no later than it says."""
    checked = Checked()
    given = {_key(row, row["id"]): row for row in await house.rows("ledger", _MANDATES)}
    taken: dict[tuple[UUID, int, UUID], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    takings = await house.rows("ledger", _TAKEN)
    checked.numbers |= {"mandates": len(given), "taken by mandate": len(takings)}
    for row in takings:
        mandate = given.get(_key(row, row["mandate_id"]))
        wrong = _taking_fault(row, mandate)
        if mandate is not None:
            taken[_key(mandate, mandate["id"])][_period(mandate, row["time"])] += row["amount_minor"]
        if wrong:
            checked.wrong("ledger", f"union_id={row['union_id']} sequence={row['sequence']}", wrong)
    for key, row in given.items():
        for wrong in _mandate_faults(row, taken[key]):
            named = f"union_id={key[0]} account_number={key[1]} mandate_id={key[2]} used={row['used_minor']}"
            checked.wrong("ledger", named, wrong)
    return checked


def _taking_fault(row: Any, mandate: Any) -> str | None:
    if mandate is None or mandate["payee_number"] != row["credit_number"]:
        return "taken without a mandate"
    if row["principal_id"] != row["payee_id"]:
        return "another one than the payee used the mandate"
    ends = [moment for moment in (mandate["expires_at"], mandate["revoked_at"]) if moment is not None]
    if not mandate["given_at"] <= row["time"] < min(ends):
        return "taken before the mandate was given, or after its end"
    return None


def _mandate_faults(row: Any, taken: dict[int, int]) -> list[str]:
    faults: list[str] = []
    for period, minor in taken.items():
        if minor > row["cap_minor"]:
            faults.append(f"{minor} taken in period {period}, the cap is {row['cap_minor']}")
    newest = max(taken, default=0)
    if (row["period"], row["used_minor"]) != (newest, taken.get(newest, 0)):
        faults.append(f"{row['used_minor']} used in period {row['period']}, by its transfers {dict(taken)}")
    if row["signer_id"] != row["payer_id"] or _signed_terms(row) != _terms(row):
        faults.append("its giver did not sign these terms")
    return faults


def _terms(row: Any) -> tuple[Any, ...]:
    cap = {"asset": row["asset"], "minor": str(row["cap_minor"])}
    return (row["payee_id"], cap, row["renews_every_days"], row["expires_at"])


def _signed_terms(row: Any) -> tuple[Any, ...] | None:
    """What the act's body says; None where it cannot be read or was for another mandate."""
    if row["method"] != "PUT" or not row["target_uri"].lower().endswith(f"/mandates/{row['id']}"):
        return None
    try:
        said = orjson.loads(row["body"])
        until = datetime.fromisoformat(said["expires_at"])
        return (UUID(said["payee_id"]), said["cap"], said.get("renews_every_days"), until)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _period(mandate: Any, time: datetime) -> int:
    if mandate["renews_every_days"] is None:
        return 0
    return max(time - mandate["given_at"], timedelta(0)) // timedelta(days=mandate["renews_every_days"])


def _key(row: Any, pending_id: UUID) -> tuple[UUID, int, UUID]:
    return (row["union_id"], row["debit_number"], pending_id)


PROMISES = (
    Promise("ledger", "ledger.holds", "what is held is taken by its payee in time, or given back", holds),
    Promise("ledger", "ledger.mandates", "a payee takes what a member's mandate says, and no more", mandates),
)
