"""Arrays of payments as members send them, and all that a posting leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import LedgerHouse, member_id

ENOUGH = 64
"""So many are read as columns."""


def array(
    payees: Sequence[int], minors: Sequence[int] | int = 1, *, payer: int = 1, name: str = "array"
) -> list[dict[str, Any]]:
    """A payment to each of them, in order."""
    amounts = [minors] * len(payees) if isinstance(minors, int) else minors
    return [
        {
            "id": str(named(f"{name} {place}")),
            "debit_account": f"members/{member_id(payer)}",
            "credit_account": f"members/{member_id(payee)}",
            "asset": "GLD",
            "minor": str(minor),
            "code": "pay",
        }
        for place, (payee, minor) in enumerate(zip(payees, amounts, strict=True))
    ]


def chained(transfers: Sequence[dict[str, Any]], places: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """The same, each linked to the next one, or those at these places."""
    linked = range(len(transfers) - 1) if places is None else places
    return [
        transfer | ({"linked": True} if place in linked else {}) for place, transfer in enumerate(transfers)
    ]


def one_by_one(transfers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, as nothing is read as columns that has more fields."""
    return [transfer | {"balancing_debit": False} for transfer in transfers]


async def sent(
    house: LedgerHouse, transfers: Sequence[dict[str, Any]], *, payer: int = 1, key: str | None = None
) -> list[dict[str, Any]]:
    answer = await house.act("POST", "/transfers", {"transfers": transfers}, number=payer, key=key)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def left_behind(house: LedgerHouse) -> dict[str, Any]:
    """What was written and published, but for what is random or counts on from test to test."""
    transfers = await house.rows(
        "SELECT t.sequence, t.entry_number, t.id, t.principal_id, d.id AS debit, c.id AS credit, t.code, "
        "t.flags, t.amount_minor, t.debit_previous, t.credit_previous FROM transfers t "
        "JOIN accounts d ON d.number = t.debit_number JOIN accounts c ON c.number = t.credit_number "
        "ORDER BY t.sequence"
    )
    balances = await house.rows(
        "SELECT a.id, b.balance_minor, b.last_sequence, b.reserved_minor, b.expected_minor "
        "FROM account_balances b JOIN accounts a USING (number) ORDER BY a.id"
    )
    acts = await house.rows("SELECT sequence, last_sequence FROM transfer_acts ORDER BY sequence")
    refused = await house.rows("SELECT principal_id, id, result FROM refused_transfers ORDER BY id")
    entries = await house.rows(
        "SELECT number, count, last_sequence, supply FROM journal_entries ORDER BY number"
    )
    log = await house.rows("SELECT actor, act_right, subject, changed FROM act_log")
    memos = await house.rows(
        "SELECT sequence, memo, octet_length(salt) FROM transfer_memos ORDER BY sequence"
    )
    told = await house.published("notice.requested.ledger")
    return {
        "transfers": [tuple(row) for row in transfers],
        "balances": [tuple(row) for row in balances],
        "memos": [tuple(row) for row in memos],
        "acts": [tuple(row) for row in acts],
        "refused": [tuple(row) for row in refused],
        "entries": [tuple(row) for row in entries],
        "log": sorted(map(repr, log)),
        "posted": [
            {name: event[name] for name in ("union_id", "entry_number", "transfers")}
            for event in await house.published("transfer.posted")
        ],
        "told": [(one["member_id"], one["kind"], one["actor_id"], one["happened_count"]) for one in told],
    }
