"""The ledger's books: sums, balances, statements, ids, escrows and runs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any
from uuid import UUID

from guildhall.audit.promises import Checked, House, Promise, none_of

_MOVING = "(SELECT * FROM transfers WHERE code NOT IN (11, 13, 14))"
"""Those that change balances: holds that are opened, released or expire do not."""


async def sums(house: House) -> Checked:
    """Every asset sums to zero, and every balance is the sum of its postings."""
    checked = Checked()
    checked.numbers["transfers"] = await house.number("ledger", "SELECT count(*) FROM transfers")
    checked.numbers["accounts"] = await house.number("ledger", "SELECT count(*) FROM accounts")
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT a.union_id, a.asset, sum(b.balance_minor) AS sum_minor
        FROM accounts a JOIN account_balances b USING (union_id, number)
        GROUP BY a.union_id, a.asset HAVING sum(b.balance_minor) <> 0
        """,
        "the balances of the asset sum to {sum_minor}",
    )
    await none_of(
        house,
        checked,
        "ledger",
        """
        SELECT s.union_id, s.symbol, s.supply_minor, coalesce(i.minor, 0) AS issued_minor
        FROM assets s LEFT JOIN (
            SELECT t.union_id, d.asset, sum(t.amount_minor) AS minor FROM transfers t
            JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
            WHERE t.code = 1 GROUP BY t.union_id, d.asset) i
          ON (i.union_id, i.asset) = (s.union_id, s.symbol)
        WHERE s.supply_minor <> coalesce(i.minor, 0)
        """,
        "{issued_minor} minor units were issued of a supply of {supply_minor}",
    )
    await none_of(
        house,
        checked,
        "ledger",
        f"""
        WITH postings AS (
            SELECT union_id, credit_number AS number, amount_minor AS minor FROM {_MOVING} t
            UNION ALL SELECT union_id, debit_number, -amount_minor FROM {_MOVING} t),
        summed AS (SELECT union_id, number, sum(minor) AS minor FROM postings GROUP BY union_id, number)
        SELECT union_id, number AS account_number, coalesce(b.balance_minor, 0) AS balance_minor,
               coalesce(s.minor, 0) AS postings_minor
        FROM account_balances b FULL JOIN summed s USING (union_id, number)
        WHERE coalesce(b.balance_minor, 0) <> coalesce(s.minor, 0)
        """,  # noqa: S608 - a constant filter
        "the balance is {balance_minor}, its postings sum to {postings_minor}",
    )
    return checked


_AVAILABLE = """
WITH postings AS (
    SELECT union_id, sequence, credit_number AS number, amount_minor AS minor FROM transfers
    WHERE code NOT IN (11, 13, 14)
    UNION ALL
    SELECT union_id, sequence, debit_number, -amount_minor FROM transfers WHERE code NOT IN (13, 14)
    UNION ALL
    SELECT t.union_id, t.sequence, t.debit_number, h.amount_minor
    FROM transfers t JOIN transfer_particulars p USING (union_id, sequence)
    JOIN holds h ON (h.union_id, h.debit_number, h.id) = (t.union_id, t.debit_number, p.pending_id)
    WHERE t.code IN (12, 13, 14)),
at_once AS (
    SELECT union_id, number, sequence, sum(minor) AS minor FROM postings GROUP BY union_id, number, sequence),
running AS (
    SELECT union_id, number, sequence,
           sum(minor) OVER (PARTITION BY union_id, number ORDER BY sequence) AS available FROM at_once)
SELECT DISTINCT ON (r.union_id, r.number) r.union_id, r.number AS account_number, r.sequence, r.available
FROM running r JOIN accounts a USING (union_id, number)
WHERE r.available < 0 AND a.kind <> 'issuance' ORDER BY r.union_id, r.number, r.sequence
"""


async def never_negative(house: House) -> Checked:
    """Nothing that may not go below zero did at any moment of its history, nor did it spend what it held."""
    checked = Checked()
    checked.numbers["accounts replayed"] = await house.number("ledger", "SELECT count(*) FROM accounts")
    await none_of(
        house,
        checked,
        "ledger",
        _AVAILABLE,
        "the account was at {available}, without what it held, after this transfer",
    )
    return checked


_STATEMENTS = f"""
WITH sides AS (
    SELECT union_id, sequence, credit_number AS number, credit_previous AS previous FROM {_MOVING} t
    UNION ALL SELECT union_id, sequence, debit_number, debit_previous FROM {_MOVING} t),
ordered AS (
    SELECT *, lag(sequence, 1, 0::bigint) OVER (PARTITION BY union_id, number ORDER BY sequence) AS before
    FROM sides)
SELECT union_id, number AS account_number, sequence, previous, before FROM ordered WHERE previous <> before
"""  # noqa: S608 - a constant filter


async def statements(house: House) -> Checked:
    """A statement skips nothing: each posting names the account's posting before, the balance the last."""
    checked = Checked()
    moving = f"SELECT count(*) FROM {_MOVING} t"  # noqa: S608 - a constant filter
    checked.numbers["postings"] = 2 * await house.number("ledger", moving)
    await none_of(
        house,
        checked,
        "ledger",
        _STATEMENTS,
        "the posting names {previous} as the one before, which is {before}",
    )
    await none_of(
        house,
        checked,
        "ledger",
        f"""
        SELECT b.union_id, b.number AS account_number, b.last_sequence, coalesce(s.newest, 0) AS newest
        FROM account_balances b LEFT JOIN (
            SELECT union_id, number, max(sequence) AS newest FROM (
                SELECT union_id, credit_number AS number, sequence FROM {_MOVING} t
                UNION ALL SELECT union_id, debit_number, sequence FROM {_MOVING} t) sides
            GROUP BY union_id, number) s USING (union_id, number)
        WHERE b.last_sequence <> coalesce(s.newest, 0)
        """,  # noqa: S608 - a constant filter
        "the balance is as of {last_sequence}, the newest posting is {newest}",
    )
    return checked


async def one_transfer_an_id(house: House) -> Checked:
    """A repeated id is one transfer; an id that was refused is never posted."""
    checked = Checked()
    checked.numbers["ids"] = await house.number("ledger", "SELECT count(*) FROM transfers")
    checked.numbers["ids refused"] = await house.number("ledger", "SELECT count(*) FROM refused_transfers")
    await none_of(
        house,
        checked,
        "ledger",
        "SELECT union_id, principal_id, id, count(*) AS posted_count FROM transfers "
        "GROUP BY union_id, principal_id, id HAVING count(*) > 1",
        "the id was posted {posted_count} times",
    )
    await none_of(
        house,
        checked,
        "ledger",
        "SELECT t.union_id, t.id, r.result FROM transfers t JOIN refused_transfers r "
        "USING (union_id, principal_id, id)",
        "an id that was refused ({result}) is posted",
    )
    return checked


async def contributions(house: House) -> Checked:
    """What an escrow still owes each contributor is what came in less what went back."""
    checked = Checked()
    checked.numbers["contributions"] = await house.number("ledger", "SELECT count(*) FROM contributions")
    await none_of(
        house,
        checked,
        "ledger",
        """
        WITH moved AS (
            SELECT union_id, credit_number AS escrow_number, debit_number AS contributor_number,
                   amount_minor AS minor FROM transfers WHERE code = 30
            UNION ALL
            SELECT union_id, debit_number, credit_number, -amount_minor FROM transfers WHERE code = 31),
        summed AS (SELECT union_id, escrow_number, contributor_number, sum(minor) AS minor
                   FROM moved GROUP BY union_id, escrow_number, contributor_number)
        SELECT union_id, escrow_number, contributor_number, c.amount_minor, s.minor AS postings_minor
        FROM contributions c FULL JOIN summed s USING (union_id, escrow_number, contributor_number)
        WHERE coalesce(c.amount_minor, 0) <> coalesce(s.minor, 0) OR coalesce(s.minor, 0) < 0
        """,
        "the contribution is {amount_minor}, put in and not returned {postings_minor}",
    )
    return checked


async def runs(house: House) -> Checked:
    """A run is its frozen list: the lines have the hash announced, and each was posted or refused once."""
    announced = await house.rows("ledger", "SELECT * FROM runs")
    lines: dict[tuple[UUID, UUID], Any] = defaultdict(hashlib.sha256)
    counted: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for line in await house.rows("ledger", 'SELECT * FROM run_lines ORDER BY union_id, run_id, "index"'):
        fields = (line["debit_account"], line["credit_account"], line["asset"], str(line["amount_minor"]))
        lines[line["union_id"], line["run_id"]].update(f"{','.join(fields)},{line['code']}\n".encode())
        counted[line["union_id"], line["run_id"]] += 1
    refused = {
        (row["union_id"], row["run_id"]): row["counted"]
        for row in await house.rows(
            "ledger",
            "SELECT union_id, run_id, count(*) AS counted FROM run_refusals GROUP BY union_id, run_id",
        )
    }
    checked = Checked({"runs": len(announced), "lines": sum(counted.values())})
    for run in announced:
        key = (run["union_id"], run["id"])
        for wrong in _run_faults(run, lines[key].hexdigest(), counted[key], refused.get(key, 0)):
            checked.wrong("ledger", f"union_id={key[0]} run_id={key[1]} version={run['version']}", wrong)
    return checked


def _run_faults(run: Any, lines_sha256: str, lines_count: int, refused_count: int) -> list[str]:
    faults: list[str] = []
    complete = run["state"] in {"posting", "finished", "stopped"}
    if complete and (lines_count, lines_sha256) != (run["lines_count"], run["lines_sha256"]):
        faults.append(f"its {lines_count} lines are not the {run['lines_count']} that were announced")
    if refused_count != run["refused_count"]:
        faults.append(f"{run['refused_count']} lines refused by the count, {refused_count} by counting")
    if run["state"] == "finished" and run["posted_count"] + run["refused_count"] != run["lines_count"]:
        faults.append(f"finished with {run['posted_count']} posted of {run['lines_count']} lines")
    return faults


PROMISES = (
    Promise("ledger", "ledger.zero-sum", "every asset sums to zero; every balance is its postings", sums),
    Promise("ledger", "ledger.not-negative", "nothing that may not go negative does", never_negative),
    Promise("ledger", "ledger.statements", "a statement skips nothing", statements),
    Promise("ledger", "ledger.one-transfer", "a repeated id is one transfer", one_transfer_an_id),
    Promise("ledger", "ledger.contributions", "an escrow returns to each what they put in", contributions),
    Promise("ledger", "ledger.runs", "a run is its frozen list, each line once", runs),
)
