"""Who may debit what: the table of rights, the members' own acts, the joining grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.allotments import part_ids
from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, Promise, none_of

RIGHTS = (
    "(1, 'issuance', 'treasury'), (1, 'issuance', 'member'), (1, 'issuance', 'early_members'), "
    "(1, 'issuance', 'vesting'), (4, 'vesting', 'member'), (5, 'issuance', 'treasury'), "
    "(6, 'treasury', 'issuance'), (6, 'member', 'issuance'), (17, 'member', 'treasury'), "
    "(17, 'business', 'treasury'), (10, 'member', 'business'), (18, 'treasury', 'business'), "
    "(19, 'business', 'member'), (19, 'business', 'treasury'), (19, 'business', 'business'), "
    "(2, 'early_members', 'member'), (2, 'early_members', 'grant'), (2, 'treasury', 'member'), "
    "(2, 'treasury', 'grant'), (3, 'grant', 'member'), (10, 'member', 'member'), (10, 'member', 'treasury'), "
    "(11, 'member', 'member'), (12, 'member', 'member'), (13, 'member', 'member'), (14, 'member', 'member'), "
    "(15, 'member', 'member'), (16, 'member', 'member'), (16, 'member', 'treasury'), "
    "(18, 'treasury', 'member'), (20, 'member', 'escrow'), (21, 'escrow', 'member'), "
    "(22, 'escrow', 'member'), (30, 'member', 'escrow'), "
    "(31, 'escrow', 'member'), (32, 'escrow', 'member'), (32, 'escrow', 'treasury'), "
    "(40, 'bridge', 'member'), (41, 'member', 'bridge'), (42, 'bridge', 'member')"
)
"""(code, kind debited, kind credited): the table of who may debit what, written out a second time."""
BURN, PAY, HOLD, WITHDRAWAL = 6, 10, 11, 41
OWN_CODES = (BURN, PAY, HOLD, 20, 30, WITHDRAWAL)
"""The codes that rest on the debited member's signed act."""
PAYEE_CODES = (12, 13, 15)
"""The codes that rest on the credited member's signed act: a hold is ended, a mandate used."""
ASKED_OF_THE_LEDGER = (BURN, PAY, HOLD, *PAYEE_CODES)


async def rights(house: House) -> Checked:
    """Every transfer fits the table of who may debit what; a member's debit names the member's act."""
    checked = Checked()
    query = f"""
        SELECT t.union_id, t.sequence, t.code, d.kind AS debited, c.kind AS credited
        FROM transfers t
        JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
        JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
        WHERE d.asset <> c.asset OR NOT EXISTS (
            SELECT FROM (VALUES {RIGHTS}) AS allowed (code, debited, credited)
            WHERE (allowed.code, allowed.debited, allowed.credited) = (t.code, d.kind, c.kind))
        """  # noqa: S608 - a constant table
    await none_of(house, checked, "ledger", query, "no row of the table of rights allows this transfer")
    checked.numbers["debits by act"] = await house.number(
        "ledger",
        "SELECT count(*) FROM transfers WHERE code = ANY($1::int[])",
        (*OWN_CODES, *PAYEE_CODES),
    )
    acts = _Acts(house)
    for row in await house.rows("ledger", _OWN_DEBITS, (*OWN_CODES, *PAYEE_CODES), PAYEE_CODES):
        wrong = _debit_fault(row, await acts.of(row))
        if wrong:
            named = f"union_id={row['union_id']} sequence={row['sequence']} code={row['code']}"
            checked.wrong("ledger", named, wrong)
    return checked


_OWN_DEBITS = """
SELECT t.union_id, t.sequence, t.code, t.id, t.amount_minor, t.flags, d.asset,
       CASE WHEN t.code = ANY($2::int[]) THEN c.owner_id ELSE d.owner_id END AS signer_id,
       p.timeout_seconds, p.pending_id, p.mandate_id, c.id AS credited_id,
       coalesce(c.resource, w.recipient) AS resource, x.device_key_id, x.nonce
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
LEFT JOIN withdrawals w ON t.code = 41 AND (w.union_id, w.id) = (t.union_id, t.id)
LEFT JOIN LATERAL (
    SELECT device_key_id, nonce, last_sequence FROM transfer_acts a
    WHERE a.union_id = t.union_id AND a.sequence <= t.sequence ORDER BY a.sequence DESC LIMIT 1
) x ON x.last_sequence >= t.sequence
WHERE t.code = ANY($1::int[]) AND d.kind = 'member' ORDER BY t.union_id, t.sequence
"""
_ACT = f"""
SELECT member_id, target_uri, body, is_erased FROM {KEPT_ACTS} AS acts WHERE device_key_id = $1 AND nonce = $2
"""  # noqa: S608 - made of the audit's own text
BALANCING = 6
"""Bits of the flags: as much as there is, up to the amount."""


@dataclass(frozen=True, slots=True)
class _Act:
    """`lines`: the transfers that its body asks for, by id. `debit`: the block for one debit by a service.
    `allotted`: the amount of an allotment, by the ids of its parts."""

    member_id: UUID
    lines: Mapping[UUID, list[Any]]
    debit: Any
    allotted: Mapping[UUID, Any]
    is_erased: bool
    """What it said went with its member, for the memo in it: the digest that they signed is left."""


class _Acts:
    """Each act is read once: those of one act follow one another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._key: tuple[str, str] | None = None
        self._act: _Act | None = None

    async def of(self, row: Any) -> _Act | None:
        """None where no act allowed the transfer, or its body is none that can be read."""
        key = (row["device_key_id"], row["nonce"])
        if key != self._key:
            found = await self._house.rows("ledger", _ACT, *key)
            self._key, self._act = key, _read_act(found[0]) if found else None
        return self._act


def _read_act(stored: Any) -> _Act:
    lines: dict[UUID, list[Any]] = {}
    allotted: dict[UUID, Any] = {}
    debit = None
    try:
        said = orjson.loads(stored["body"])
        debit = said.get("debit")
        for line in said.get("transfers", ()):
            lines.setdefault(UUID(line["id"]), []).append(line)
        if "destinations" in said:
            allotment_id = UUID(stored["target_uri"].rpartition("/")[2])
            most = len(said["sources"]) + len(said["destinations"])
            allotted = dict.fromkeys(part_ids(allotment_id, most), said["amount"])
    except (ValueError, TypeError, KeyError, AttributeError):
        pass  # what cannot be read asks for nothing
    return _Act(stored["member_id"], lines, debit, allotted, stored["is_erased"])


def _debit_fault(row: Any, act: _Act | None) -> str | None:
    """The act is the debited member's, or the payee's of a hold or a mandate, and says this amount: in its
    debit block, or of this transfer's id. A balancing transfer moves at most that."""
    if act is None or act.member_id != row["signer_id"]:
        return "a member was debited without an act of their own"
    if act.is_erased:
        return None
    if row["id"] in act.allotted:
        of = act.allotted[row["id"]]  # how much of it is this part's: see ledger.allotments
        fits = of["asset"] == row["asset"] and int(of["minor"]) >= row["amount_minor"]
        return None if fits else f"debited {row['amount_minor']} of an allotment of {of}"
    try:
        if row["code"] in ASKED_OF_THE_LEDGER:
            lines = [line for line in act.lines.get(row["id"], []) if _names_the_same(line, row)]
            agreed = [(line["asset"], int(line["minor"]), _flags(line)) for line in lines]
        else:
            named = act.debit["to"] in {row["resource"], str(row["credited_id"])}
            agreed = [(act.debit["asset"], int(act.debit["minor"]), row["flags"])] if named else []
    except (ValueError, TypeError, KeyError):
        return "the act's body names no debit"
    for asset, minor, flags in agreed:
        fits = minor >= row["amount_minor"] if flags & BALANCING else minor == row["amount_minor"]
        if asset == row["asset"] and fits and flags == row["flags"]:
            return None
    return f"debited {row['amount_minor']} {row['asset']}, the act says {agreed or 'nothing of it'}"


def _names_the_same(line: Any, row: Any) -> bool:
    """The hold's time, the hold or the mandate."""
    names = ("timeout_seconds", "pending_id", "mandate_id")
    said = [str(value) if (value := line.get(name)) is not None else None for name in names]
    return said == [str(row[name]) if row[name] is not None else None for name in names]


def _flags(block: Any) -> int:
    """As they are stored: linked 1, balancing debit 2, balancing credit 4, closing debit 8."""
    names = ("linked", "balancing_debit", "balancing_credit", "closing_debit")
    return sum(1 << place for place, name in enumerate(names) if block.get(name))


async def grants(house: House) -> Checked:
    """A member gets one joining grant, and no day's grants are more than its budget."""
    checked = Checked()
    checked.numbers["grants posted"] = await house.number(
        "ledger", "SELECT count(*) FROM transfers WHERE code = 2"
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT t.union_id, c.owner_id AS member_id, count(*) AS grants_count
        FROM transfers t JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
        WHERE t.code = 2 GROUP BY t.union_id, c.owner_id HAVING count(*) > 1
        """,
        "the member got {grants_count} joining grants",
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT union_id, day, b.taken_count, coalesce(g.counted, 0) AS grants_count
        FROM grant_budgets b
        FULL JOIN (SELECT union_id, day, count(*) AS counted FROM joining_grants
                   WHERE day IS NOT NULL GROUP BY union_id, day) g USING (union_id, day)
        WHERE coalesce(b.taken_count, 0) <> coalesce(g.counted, 0)
        """,
        "{taken_count} grants by the day's count, {grants_count} by counting",
    )
    await _within_budget(house, checked)
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT g.union_id, g.member_id, g.state FROM joining_grants g
        LEFT JOIN (SELECT t.union_id, c.owner_id, c.kind, t.amount_minor, r.figures::jsonb AS figures
                   FROM transfers t
                   JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
                   LEFT JOIN transfer_reasons r ON (r.union_id, r.sequence) = (t.union_id, t.sequence)
                   WHERE t.code = 2) paid ON (paid.union_id, paid.owner_id) = (g.union_id, g.member_id)
        WHERE (g.state IN ('locked', 'unlocked')) <> (paid.owner_id IS NOT NULL)
           OR paid.amount_minor <> g.amount_minor
           OR paid.amount_minor <> (figures ->> 'first_minor')::bigint >> CASE
                WHEN (figures ->> 'halves_every')::bigint = 0 OR g.number IS NULL THEN 0
                ELSE least(63, (g.number - 1) / (figures ->> 'halves_every')::bigint)::int END
           OR (paid.kind = 'member' AND NOT g.by_founder_invitation AND g.settled_at IS NULL)
           OR (g.state = 'unlocked' AND NOT g.by_founder_invitation AND g.settled_at IS NULL)
        """,
        "the grant is {state}, and no posting or no right fits that",
    )
    await _unlocked_by_work(house, checked)
    return checked


async def _within_budget(house: House, checked: Checked) -> None:
    """A day's budget is the charter's of that time: at most the highest that any version gave."""
    budgets = {
        row["union_id"]: row["most"]
        for row in await house.rows(
            "identity",
            "SELECT union_id, max((document #>> '{parameters,joining_grants_per_day}')::bigint) AS most "
            "FROM charters GROUP BY union_id",
        )
    }
    for row in await house.rows("ledger", "SELECT union_id, day, taken_count FROM grant_budgets"):
        most = budgets.get(row["union_id"]) or 0
        if row["taken_count"] > most:
            named = f"union_id={row['union_id']} day={row['day']}"
            checked.wrong("ledger", named, f"{row['taken_count']} grants of a budget of {most}")


async def _unlocked_by_work(house: House, checked: Checked) -> None:
    """A locked grant is freed by a settled agreement of the member alone."""
    settled = {
        (row["union_id"], member)
        for row in await house.rows(
            "market", "SELECT union_id, employer_id, worker_id FROM agreements WHERE state = 'paid'"
        )
        for member in (row["employer_id"], row["worker_id"])
    }
    freed = await house.rows(
        "ledger",
        "SELECT t.union_id, t.sequence, c.owner_id FROM transfers t "
        "JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number) WHERE t.code = 3",
    )
    checked.numbers["grants freed by work"] = len(freed)
    for row in freed:
        if (row["union_id"], row["owner_id"]) not in settled:
            named = f"union_id={row['union_id']} sequence={row['sequence']} member_id={row['owner_id']}"
            checked.wrong("ledger", named, "a locked grant was freed without a settled agreement")


PROMISES = (
    Promise("ledger", "ledger.rights", "a member is debited by their own act alone", rights),
    Promise("ledger", "ledger.grants", "a member gets one joining grant, within the day's budget", grants),
)
