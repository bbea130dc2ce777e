"""Fees: what the charter says of each payment, taken right behind it, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise

PAYMENT, WORK = "payment_fee_basis_points", "work_fee_basis_points"
RATES = {10: PAYMENT, 12: PAYMENT, 15: PAYMENT, 16: PAYMENT, 19: PAYMENT, 21: WORK}
"""The charter's parameter, by the code of the payment."""
NO_CAP = 2**62
HEARD_WITHIN = timedelta(hours=1)
"""An amended charter may be this late at the ledger."""

_FEES = """
SELECT f.union_id, f.sequence, f.amount_minor, f.debit_number, f.entry_number, p.code,
       p.amount_minor AS of_minor, p.credit_number, p.entry_number AS payments_entry, r.charter_version
FROM transfers f
LEFT JOIN transfers p ON (p.union_id, p.sequence) = (f.union_id, f.sequence - 1)
LEFT JOIN transfer_reasons r ON (r.union_id, r.sequence) = (f.union_id, f.sequence)
WHERE f.code = 17
"""
_WITHOUT = """
SELECT p.union_id, p.sequence, p.code, p.amount_minor, e.time FROM transfers p
JOIN accounts c ON (c.union_id, c.number) = (p.union_id, p.credit_number)
JOIN journal_entries e ON (e.union_id, e.number) = (p.union_id, p.entry_number)
LEFT JOIN transfers f ON (f.union_id, f.sequence) = (p.union_id, p.sequence + 1) AND f.code = 17
WHERE p.union_id = ANY($1::uuid[]) AND p.code = ANY($2::int[]) AND c.kind IN ('member', 'business')
  AND f.code IS NULL
"""
_CHARTERS = """
SELECT union_id, version, adopted_at, document -> 'parameters' AS parameters FROM charters
ORDER BY union_id, version
"""
Version = tuple[datetime, Mapping[str, Any]]


async def fees(house: House) -> Checked:
    """Each fee stands behind its payment, in its entry, from its payee, of the amount that the charter's
    version says; and no payment went without one that every version in force asked for."""
    checked = Checked()
    charters: dict[UUID, list[Version]] = defaultdict(list)
    for row in await house.rows("identity", _CHARTERS):
        read = row["parameters"]
        parameters = orjson.loads(read) if isinstance(read, str) else read
        charters[row["union_id"]].append((row["adopted_at"], parameters))
    taken = await house.rows("ledger", _FEES)
    checked.numbers["fees"] = len(taken)
    for row in taken:
        wrong = _fault(row, charters[row["union_id"]])
        if wrong:
            checked.wrong("ledger", f"union_id={row['union_id']} sequence={row['sequence']}", wrong)
    charging = [
        union_id
        for union_id, versions in charters.items()
        if any(parameters.get(PAYMENT) or parameters.get(WORK) for _, parameters in versions)
    ]
    for row in await house.rows("ledger", _WITHOUT, charging, list(RATES)):
        due = min(
            _fee(parameters, row["code"], row["amount_minor"])
            for parameters in _in_force(charters[row["union_id"]], row["time"])
        )
        if due:
            named = f"union_id={row['union_id']} sequence={row['sequence']}"
            checked.wrong("ledger", named, f"a fee of {due} was not taken")
    return checked


def _fault(row: Any, versions: Sequence[Version]) -> str | None:
    version = row["charter_version"]
    if row["code"] not in RATES or row["debit_number"] != row["credit_number"]:
        return "it stands behind no payment to whom it was taken from"
    if row["entry_number"] != row["payments_entry"]:
        return "it is not in its payment's entry"
    if version is None or not 0 < version <= len(versions):
        return "no version of the charter is named"
    due = _fee(versions[version - 1][1], row["code"], row["of_minor"])
    return None if due == row["amount_minor"] else f"{row['amount_minor']} taken, {due} by the charter"


def _fee(parameters: Mapping[str, Any], code: int, amount_minor: int) -> int:
    rate = int(parameters.get(RATES[code], 0))
    return min(amount_minor * rate // 10_000, int(parameters.get("fee_max_minor", NO_CAP)))


def _in_force(versions: Sequence[Version], time: datetime) -> list[Mapping[str, Any]]:
    """All that were in force in the hour before, as the ledger may have known them."""
    ends = [adopted_at for adopted_at, _ in versions[1:]] + [datetime.max.replace(tzinfo=time.tzinfo)]
    return [
        parameters
        for (adopted_at, parameters), end in zip(versions, ends, strict=True)
        if adopted_at <= time and end > time - HEARD_WITHIN
    ] or [versions[0][1]]


PROMISES = (Promise("ledger", "ledger.fees", "a fee is what the charter says, behind its payment", fees),)
