"""The bridge against its chain: what is owed is held, what came in is credited, what went out was owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from guildhall.audit.chain_reading import VaultReading
from guildhall.audit.promises import Checked, House, Promise

DEPOSIT, WITHDRAWAL, RETURN = 40, 41, 42

_BRIDGES = """
SELECT b.union_id, b.vault, b.indexed_number, s.scale, -i.balance_minor AS supply_minor,
       coalesce(x.balance_minor, 0) AS outside_minor
FROM bridges b JOIN assets s USING (union_id)
JOIN (accounts out JOIN account_balances i USING (union_id, number))
  ON out.union_id = b.union_id AND out.kind = 'issuance'
LEFT JOIN (accounts a JOIN account_balances x USING (union_id, number))
  ON a.union_id = b.union_id AND a.kind = 'bridge'
WHERE b.state = 'open' ORDER BY b.union_id
"""


@dataclass(frozen=True, slots=True)
class _Bridge:
    """A union's bridge as the ledger has it, and its vault as the chain has it."""

    row: asyncpg.Record
    vault: VaultReading

    @property
    def union_id(self) -> UUID:
        return self.row["union_id"]

    @property
    def unit(self) -> int:
        return 10 ** (18 - self.row["scale"])


async def _bridges(house: House) -> AsyncGenerator[_Bridge]:
    assert house.chain is not None
    for row in await house.rows("ledger", _BRIDGES):
        yield _Bridge(row, await house.chain.vault(row["vault"]))


async def owed(house: House) -> Checked:
    """Everything inside is owed; the vault held at least that much after the last block that was counted."""
    checked = Checked()
    async for bridge in _bridges(house):
        owed_minor = bridge.row["supply_minor"] - bridge.row["outside_minor"]
        held = bridge.vault.held_at(bridge.row["indexed_number"])
        checked.count("bridges", 1)
        checked.count("owed minor units", owed_minor)
        checked.count("held minor units", held // bridge.unit)
        if owed_minor * bridge.unit > held:
            wrong = f"{owed_minor} minor units are owed, the vault held {held // bridge.unit}"
            checked.wrong("ledger", f"union_id={bridge.union_id}", wrong)
    return checked


async def deposits(house: House) -> Checked:
    """Every deposit of the chain through the last counted block has one row; one that is credited has one
    transfer of its amount; nothing was credited without a log."""
    checked = Checked()
    async for bridge in _bridges(house):
        rows = await house.rows(
            "ledger",
            "SELECT d.*, t.amount_minor AS posted_minor, a.owner_id FROM deposits d "
            "LEFT JOIN transfers t ON t.union_id = d.union_id AND t.id = d.transfer_id AND t.code = $2 "
            "LEFT JOIN accounts a ON (a.union_id, a.number) = (t.union_id, t.credit_number) "
            "WHERE d.union_id = $1",
            bridge.union_id,
            DEPOSIT,
        )
        transfers = await house.rows(
            "ledger", "SELECT id FROM transfers WHERE union_id = $1 AND code = $2", bridge.union_id, DEPOSIT
        )
        checked.count("deposits on the chain", len(bridge.vault.deposits))
        checked.count("credited", len(transfers))
        _deposits_of(bridge, rows, checked)
        used = Counter(row["transfer_id"] for row in rows if row["transfer_id"] is not None)
        for row in transfers:
            if used[row["id"]] != 1:
                named = f"union_id={bridge.union_id} transfer_id={row['id']}"
                checked.wrong("ledger", named, f"a credit for {used[row['id']]} deposits")
    return checked


def _deposits_of(bridge: _Bridge, rows: list[asyncpg.Record], checked: Checked) -> None:
    known = {(row["transaction_hash"], row["ordinal"]): row for row in rows}
    for key, log in bridge.vault.deposits.items():
        if log.block.number <= bridge.row["indexed_number"] and key not in known:
            named = f"union_id={bridge.union_id} transaction={key[0]} ordinal={key[1]}"
            checked.wrong("ledger", named, "a deposit of the chain that was not counted")
    for key, row in known.items():
        wrong = _deposit_fault(bridge, row, key)
        if wrong is not None:
            named = f"union_id={bridge.union_id} deposit_id={row['id']} state={row['state']}"
            checked.wrong("ledger", named, wrong)


def _deposit_fault(bridge: _Bridge, row: asyncpg.Record, key: tuple[str, int]) -> str | None:
    log = bridge.vault.deposits.get(key)
    is_credited = row["state"] == "credited"
    if is_credited and log is None:
        return "credited, and the chain has no such deposit"
    if log is not None and str(log.amount) != row["chain_amount"]:
        return f"the chain says {log.amount}, the row {row['chain_amount']}"
    if is_credited != (row["posted_minor"] is not None):
        return "its state does not fit its transfer"
    if not is_credited:
        return None
    if log is not None and row["posted_minor"] * bridge.unit != log.amount:
        return f"credited {row['posted_minor']} minor units of {log.amount}"
    return None if row["owner_id"] == row["member_id"] else "credited to another member than the row says"


async def withdrawals(house: House) -> Checked:
    """Every withdrawal was debited once and is paid at most once, as it says; a final one is on the chain,
    and one that was returned is not."""
    checked = Checked()
    async for bridge in _bridges(house):
        rows = await house.rows(
            "ledger",
            "SELECT w.*, t.amount_minor AS debited_minor, (SELECT count(*) FROM transfers r "
            "WHERE r.union_id = w.union_id AND r.code = $3 AND r.credit_number = a.number "
            "AND r.amount_minor = w.amount_minor) AS returns_count FROM withdrawals w "
            "LEFT JOIN accounts a ON a.union_id = w.union_id AND a.id = w.account_id "
            "LEFT JOIN transfers t ON t.union_id = w.union_id AND t.id = w.id AND t.code = $2 "
            "AND t.debit_number = a.number WHERE w.union_id = $1",
            bridge.union_id,
            WITHDRAWAL,
            RETURN,
        )
        checked.count("withdrawals", len(rows))
        checked.count("paid on the chain", len(bridge.vault.releases))
        _withdrawals_of(bridge, {row["id"]: row for row in rows}, checked)
        await _moves_of(house, bridge, rows, checked)
    return checked


def _withdrawals_of(bridge: _Bridge, known: Mapping[UUID, Any], checked: Checked) -> None:
    paid = Counter(UUID(int=int.from_bytes(log.withdrawal) % 2**128) for log in bridge.vault.releases)
    for log in bridge.vault.releases:
        withdrawal_id = UUID(int=int.from_bytes(log.withdrawal) % 2**128)
        row = known.get(withdrawal_id)
        named = f"union_id={bridge.union_id} withdrawal_id={withdrawal_id}"
        if row is None:
            if log.block_number <= bridge.row["indexed_number"]:
                checked.wrong("ledger", named, "paid on the chain, and nobody asked for it")
        elif (log.recipient, log.amount) != (row["recipient"], row["amount_minor"] * bridge.unit):
            checked.wrong("ledger", named, f"paid {log.amount} to {log.recipient}, asked for otherwise")
        elif row["state"] == "returned":
            checked.wrong("ledger", named, "returned, and paid on the chain all the same")
    for withdrawal_id, row in known.items():
        named = f"union_id={bridge.union_id} withdrawal_id={withdrawal_id} state={row['state']}"
        if paid[withdrawal_id] > 1:
            checked.wrong("ledger", named, f"paid {paid[withdrawal_id]} times")
        if row["state"] == "final" and not paid[withdrawal_id]:
            checked.wrong("ledger", named, "final, and the chain has not paid it")
        if row["debited_minor"] != row["amount_minor"]:
            checked.wrong(
                "ledger", named, f"{row['amount_minor']} go out, {row['debited_minor']} were debited"
            )
        if row["state"] == "returned" and not row["returns_count"]:
            checked.wrong("ledger", named, "returned, and the money is not back")


async def _moves_of(house: House, bridge: _Bridge, rows: list[asyncpg.Record], checked: Checked) -> None:
    """As many debits as withdrawals, as many returns as were returned."""
    for code, expected in (
        (WITHDRAWAL, len(rows)),
        (RETURN, sum(row["state"] == "returned" for row in rows)),
    ):
        posted = await house.number(
            "ledger",
            "SELECT count(*) FROM transfers WHERE union_id = $1 AND code = $2",
            bridge.union_id,
            code,
        )
        if posted != expected:
            named = f"union_id={bridge.union_id} code={code}"
            checked.wrong("ledger", named, f"{posted} transfers for {expected} withdrawals")


PROMISES = (
    Promise("ledger", "ledger.owed", "what is owed never exceeds what the vault holds", owed),
    Promise("ledger", "ledger.deposits", "every final deposit is credited exactly once", deposits),
    Promise("ledger", "ledger.withdrawals", "every withdrawal is paid at most once", withdrawals),
)
