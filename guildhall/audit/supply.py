"""Supply: what is out is the genesis that the charter planned, with what decisions issued, without what was
burnt; and the founder's share is released as it was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

FACTS_LOOKED_AT = timedelta(days=13)
STEPS, BASIS_POINTS = 48, 10_000
LATE = timedelta(minutes=10)
"""A step that is due is released by a timer."""
SHARES = ("treasury", "founder", "early_members")
_FIRST_CHARTERS = """
SELECT c.union_id, c.document -> 'parameters' AS parameters, u.founded_at
FROM charters c JOIN unions u ON u.id = c.union_id WHERE c.version = 1
"""
_GENESIS = """
SELECT t.union_id, c.kind, t.amount_minor FROM transfers t
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number) WHERE t.code = 1
"""
_BY_DECISION = """
SELECT t.union_id, t.sequence, t.code, t.amount_minor, d.asset, r.decision_id, e.effect, e.state,
       e.amount_minor AS decided_minor, e.asset AS decided_asset
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
LEFT JOIN transfer_reasons r ON (r.union_id, r.sequence) = (t.union_id, t.sequence)
LEFT JOIN decision_effects e ON (e.union_id, e.decision_id) = (t.union_id, r.decision_id)
WHERE t.code = 5 OR (t.code = 6 AND d.kind = 'treasury')
"""


async def supply(house: House) -> Checked:
    """The genesis is the first charter's, to the unit; whatever else was issued, or burnt of the treasury,
    is what a decision said that passed, once."""
    checked = Checked()
    await _genesis(house, checked)
    by_decision = await house.rows("ledger", _BY_DECISION)
    settled = await house.rows("ledger", "SELECT * FROM decision_effects")
    checked.numbers |= {"decisions": len(settled), "transfers by decision": len(by_decision)}
    carried_out: dict[tuple[UUID, UUID | None], int] = defaultdict(int)
    for row in by_decision:
        carried_out[row["union_id"], row["decision_id"]] += 1
        said = (row["state"], row["effect"], row["decided_asset"], row["decided_minor"])
        done = ("done", {5: "issue", 6: "burn"}[row["code"]], row["asset"], row["amount_minor"])
        if said != done:
            named = f"union_id={row['union_id']} sequence={row['sequence']}"
            checked.wrong("ledger", named, f"moved {done[1:]}, the decision says {said}")
    passed = await _passed(house)
    for row in settled:
        key = (row["union_id"], row["decision_id"])
        named = f"union_id={key[0]} decision_id={key[1]}"
        expected = 1 if row["state"] == "done" else 0
        if carried_out[key] != expected:
            checked.wrong("ledger", named, f"{row['state']}, and carried out {carried_out[key]} times")
        terms = (row["effect"], row["asset"], row["amount_minor"])
        if row["passed_at"] > house.now - FACTS_LOOKED_AT and passed.get(key) != terms:
            checked.wrong("ledger", named, f"no decision that passed says {terms}")
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT l.union_id, l.limit_minor, -b.balance_minor AS supply_minor
        FROM supply_limits l JOIN accounts a ON a.union_id = l.union_id AND a.kind = 'issuance'
        JOIN account_balances b ON (b.union_id, b.number) = (a.union_id, a.number)
        WHERE -b.balance_minor > l.limit_minor
        """,
        "{supply_minor} minor units are out, the vault was given {limit_minor}",
    )
    return checked


async def _passed(house: House) -> Mapping[tuple[UUID, UUID], tuple[str, str | None, int]]:
    """What decisions that passed lately said."""
    said: dict[tuple[UUID, UUID], tuple[str, str | None, int]] = {}
    for row in await house.rows("bus", "SELECT data FROM log WHERE type = 'decision.passed'"):
        data = orjson.loads(row["data"])
        said[UUID(data["union_id"]), UUID(data["decision_id"])] = (
            data["effect"],
            data.get("asset"),
            int(data.get("minor", 0)),
        )
    return said


async def _genesis(house: House, checked: Checked) -> None:
    issued: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in await house.rows("ledger", _GENESIS):
        whose = "founder" if row["kind"] in ("member", "vesting") else row["kind"]
        issued[row["union_id"]][whose] = row["amount_minor"]
    charters = {row["union_id"]: _parameters(row) for row in await house.rows("identity", _FIRST_CHARTERS)}
    for union_id, parts in issued.items():
        planned = _split(charters.get(union_id, {}))
        checked.count("genesis shares", len(parts))
        if parts != planned:
            checked.wrong("ledger", f"union_id={union_id}", f"issued {parts}, the charter planned {planned}")


def _parameters(row: Any) -> Mapping[str, Any]:
    read = row["parameters"]
    return orjson.loads(read) if isinstance(read, str) else read


def _split(parameters: Mapping[str, Any]) -> dict[str, int]:
    """By largest remainder (Hamilton), equal remainders in the order of the shares."""
    supply = int(parameters.get("supply_minor", 0))
    wanted = [supply * int(parameters.get(f"{name}_share_basis_points", 0)) for name in SHARES]
    parts = [exact // BASIS_POINTS for exact in wanted]
    behind = sorted(range(len(SHARES)), key=lambda place: -(wanted[place] % BASIS_POINTS))
    for place in behind[: supply - sum(parts)]:
        parts[place] += 1
    return {name: part for name, part in zip(SHARES, parts, strict=True) if part}


_RELEASED = """
SELECT t.union_id, t.sequence, t.amount_minor, e.time FROM transfers t
JOIN journal_entries e ON (e.union_id, e.number) = (t.union_id, t.entry_number)
WHERE t.code = 4 ORDER BY t.union_id, t.sequence
"""
_LOCKED = """
SELECT t.union_id, t.amount_minor FROM transfers t
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
WHERE t.code = 1 AND c.kind = 'vesting'
"""


async def vesting(house: House) -> Checked:
    """A founder's locked share is never released before its time, and all of it once that has come."""
    checked = Checked()
    charters = {row["union_id"]: row for row in await house.rows("identity", _FIRST_CHARTERS)}
    locked = {row["union_id"]: row["amount_minor"] for row in await house.rows("ledger", _LOCKED)}
    released: dict[UUID, int] = dict.fromkeys(locked, 0)
    steps = await house.rows("ledger", _RELEASED)
    checked.numbers |= {"shares that vest": len(locked), "steps released": len(steps)}
    for row in steps:
        union_id = row["union_id"]
        released[union_id] = released.get(union_id, 0) + row["amount_minor"]
        planned = _vested(charters.get(union_id), locked.get(union_id, 0), row["time"])
        if released[union_id] > planned:
            named = f"union_id={union_id} sequence={row['sequence']}"
            checked.wrong("ledger", named, f"{released[union_id]} released, {planned} by the plan")
    for union_id, total in locked.items():
        planned = _vested(charters.get(union_id), total, house.now - LATE)
        if released[union_id] < planned:
            named = f"union_id={union_id} released={released[union_id]}"
            checked.wrong("ledger", named, f"{planned} were due {LATE} ago")
    return checked


def _vested(charter: Any, total: int, moment: datetime) -> int:
    """floor(total * k / 48) for the k steps of the span that have passed; nothing before the cliff."""
    if charter is None:
        return 0
    parameters = _parameters(charter)
    span = timedelta(seconds=int(parameters.get("founder_vesting_seconds", 0)))
    cliff = timedelta(seconds=int(parameters.get("founder_cliff_seconds", 0)))
    passed = moment - charter["founded_at"]
    if not span or passed < cliff:
        return 0 if span else total
    steps = sum(1 for number in range(1, STEPS + 1) if span * number // STEPS <= passed)
    return total * steps // STEPS


PROMISES = (
    Promise("ledger", "ledger.supply", "only genesis and decisions issue; a limit holds", supply),
    Promise("ledger", "ledger.vesting", "the founder's share is released as published", vesting),
)
