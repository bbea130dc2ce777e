"""The market's promises, held against the ledger's postings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg

from guildhall.audit.promises import Checked, House, Promise, none_of

FUND, PAY, REFUND = 20, 21, 22
FUND_INTENT, PAY_INTENT, REFUND_INTENT = "agreement.fund", "agreement.pay", "agreement.refund"
HELD = {"funded", "delivered"}
EMPTY = {"unfunded", "cancelled"}
AWAITING = {
    "funding": FUND_INTENT,
    "cancelling": FUND_INTENT,
    "paying": PAY_INTENT,
    "refunding": REFUND_INTENT,
}
"""What a state that holds or expects money waits for: the intent of this kind."""

_MOVES = """
SELECT t.union_id, a.resource, t.code, t.amount_minor, d.owner_id AS debited, c.owner_id AS credited
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
CROSS JOIN LATERAL (VALUES (d.kind, d.resource), (c.kind, c.resource)) AS a (kind, resource)
WHERE a.kind = 'escrow' AND a.resource LIKE 'agreements/%' ORDER BY t.union_id, t.sequence
"""


async def escrow(house: House) -> Checked:
    """Per agreement, escrow differs from the open milestone only by its unanswered intents."""
    agreements = await house.rows("market", "SELECT * FROM agreements")
    waiting = await house.number("market", "SELECT count(*) FROM intents WHERE state = 'waiting'")
    moves: dict[tuple[UUID, str], list[asyncpg.Record]] = defaultdict(list)
    for row in await house.rows("ledger", _MOVES):
        moves[row["union_id"], row["resource"]].append(row)
    checked = Checked({"agreements": len(agreements), "intents unanswered": waiting})
    for agreement in agreements:
        own = moves.pop((agreement["union_id"], f"agreements/{agreement['agreement_id']}"), [])
        wrong = _escrow_fault(agreement, own)
        if wrong:
            checked.wrong("market", f"{_named(agreement)} version={agreement['version']}", wrong)
    for union_id, resource in moves:
        checked.wrong("ledger", f"union_id={union_id} resource={resource}", "an escrow without an agreement")
    return checked


def _escrow_fault(agreement: Any, moves: list[asyncpg.Record]) -> str | None:
    price, state = agreement["price_minor"], agreement["state"]
    came = sum(row["amount_minor"] for row in moves if row["code"] == FUND)
    paid = [row for row in moves if row["code"] == PAY]
    back = [row for row in moves if row["code"] == REFUND]
    balance = came - sum(row["amount_minor"] for row in paid + back)
    allowed = _balances_allowed(state, price)
    if balance not in allowed:
        return f"state {state} with {balance} minor units in escrow"
    if paid and back:
        return "both paid and refunded"
    if state == "paid" and [(row["amount_minor"], row["credited"]) for row in paid] != [
        (price, agreement["worker_id"])
    ]:
        return "paid, but not its price to its worker once"
    if state == "refunded" and [(row["amount_minor"], row["credited"]) for row in back] != [
        (price, agreement["employer_id"])
    ]:
        return "refunded, but not its price to its employer once"
    if any(row["debited"] != agreement["employer_id"] for row in moves if row["code"] == FUND):
        return "funded by somebody else than its employer"
    return None


def _balances_allowed(state: str, price: int) -> set[int]:
    """What may be in escrow: states that wait for an intent stand before or after its answer."""
    if state in HELD:
        return {price}
    if state in EMPTY or state in {"paid", "refunded"}:
        return {0}
    return {0, price}


async def funded_before_work(house: House) -> Checked:
    """Work never starts unfunded: whatever is delivered was in escrow first."""
    checked = Checked()
    checked.numbers["deliveries"] = await house.number(
        "market", "SELECT count(*) FROM agreements WHERE delivered_at IS NOT NULL"
    )
    await none_of(
        house,
        checked,
        "market",
        """
        SELECT union_id, agreement_id, state FROM agreements
        WHERE (delivered_at IS NOT NULL OR state IN ('funded', 'delivered', 'paying', 'paid'))
          AND (funded_at IS NULL OR delivered_at < funded_at)
        """,
        "work began before the price was in escrow",
    )
    return checked


async def no_freeze(house: House) -> Checked:
    """A silent party cannot freeze money: whatever waits has a timer, or an intent, that ends its wait."""
    checked = Checked()
    checked.numbers["deadlines ahead"] = await house.number(
        "market", "SELECT count(*) FROM agreements WHERE state IN ('funded', 'delivered')"
    )
    await none_of(
        house,
        checked,
        "market",
        """
        SELECT a.union_id, a.agreement_id, a.state FROM agreements a
        WHERE a.state IN ('funded', 'delivered') AND NOT EXISTS (
            SELECT FROM timers t
            WHERE t.key = a.union_id || ':' || a.agreement_id
              AND (t.kind, t.due) = (
                  CASE a.state WHEN 'funded' THEN 'agreement.delivery_due' ELSE 'agreement.review_due' END,
                  CASE a.state WHEN 'funded' THEN a.delivery_due_at ELSE a.review_due_at END))
        """,
        "an agreement that holds money has no timer that would end its wait",
    )
    waiting = await house.rows("market", "SELECT * FROM agreements WHERE state = ANY($1)", [*AWAITING])
    checked.numbers["waiting for the ledger"] = len(waiting)
    ahead = {
        (row["kind"], row["key"])
        for row in await house.rows(
            "market",
            "SELECT kind, key FROM intents WHERE state = 'waiting' "
            "UNION SELECT kind, key FROM timers WHERE kind = 'agreement.settle_again'",
        )
    }
    for agreement in waiting:
        key = f"{agreement['union_id']}:{agreement['agreement_id']}"
        if ("agreement.settle_again", key) not in ahead and not any(
            kind == AWAITING[agreement["state"]] and of.startswith(f"{key}:") for kind, of in ahead
        ):
            checked.wrong(
                "market",
                f"{_named(agreement)} state={agreement['state']}",
                "waits for no intent and no timer",
            )
    return checked


async def files_counted(house: House) -> Checked:
    """What is kept of files is counted: nothing that a file refers to is swept, nothing else is kept long."""
    checked = Checked()
    checked.numbers["files"] = await house.number("market", "SELECT count(*) FROM files")
    await none_of(
        house,
        checked,
        "market",
        """
        SELECT c.union_id, encode(c.content_digest, 'hex') AS content_digest, c.references_count,
            count(f.file_id) AS files_count
        FROM file_contents c LEFT JOIN files f USING (union_id, content_digest)
        GROUP BY c.union_id, c.content_digest, c.references_count
        HAVING c.references_count <> count(f.file_id)
        """,
        "{references_count} are counted and {files_count} files refer to it",
    )
    return checked


def _named(agreement: Any) -> str:
    return f"union_id={agreement['union_id']} agreement_id={agreement['agreement_id']}"


PROMISES = (
    Promise("market", "market.escrow", "escrow differs from open milestones only by intents", escrow),
    Promise("market", "market.funded-first", "work never starts unfunded", funded_before_work),
    Promise("market", "market.no-freeze", "a silent party cannot freeze money", no_freeze),
    Promise("market", "market.files", "a content is kept while files refer to it", files_counted),
)
