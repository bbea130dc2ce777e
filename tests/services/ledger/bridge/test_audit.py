"""The audit of the bridge: clean where all was done by the rules, and every planted violation is named."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from guildhall.audit import bridge as bridge_audit
from guildhall.audit.chain_reading import ChainReading, NodeAddress, reading_chain
from guildhall.audit.debits import PROMISES as DEBITS
from guildhall.audit.promises import House
from guildhall.audit.run import look, not_checked
from guildhall.devnet.launcher import CHAIN_ID
from services.ledger.bridge.chain.node import Node
from tests.services.ledger.bridge.chain_house import ChainHouse
from tests.services.ledger.house import account_of
from tests.support.chain import UNIT, Wallet

pytestmark = pytest.mark.slow


async def _live(bridge: ChainHouse) -> None:
    """Three withdrawals, of which one is returned; a deposit that is credited and one that names nobody."""
    wallet = await bridge.wallet_with(90_000_000)
    wallet.deposit(bridge.vault, 20_000_000 * UNIT, account_of(2))
    wallet.deposit(bridge.vault, 10_000_000 * UNIT, b"\xff" * 32)
    await bridge.withdraw(2, 5_000_000, Wallet(bridge.devnet, 3).address)
    await bridge.settle()


@asynccontextmanager
async def _planted(bridge: ChainHouse, statement: str = "SELECT 1") -> AsyncGenerator[House]:
    node = Node(bridge.devnet.url, CHAIN_ID, 10)
    connection = await asyncpg.connect(bridge.ledger.database.superuser_url)
    try:
        await connection.transaction().start()
        await connection.execute(statement)
        yield House({"ledger": connection}, bridge.ledger.clock.now(), ChainReading(node))
    finally:
        await connection.close()
        await node.close()


async def test_what_was_done_by_the_rules_is_clean(bridge: ChainHouse) -> None:
    await _live(bridge)
    async with _planted(bridge) as house:
        verdicts = await look(house, (*bridge_audit.PROMISES, DEBITS[0]))
    assert [verdict.checked.findings for verdict in verdicts] == [[], [], [], []]
    assert all(all(verdict.checked.numbers.values()) for verdict in verdicts)
    numbers = verdicts[0].checked.numbers
    assert numbers["held minor units"] == numbers["owed minor units"] + 10_000_000


VIOLATIONS = [
    (
        "ledger.owed",
        "UPDATE account_balances SET balance_minor = balance_minor - 10000001 FROM accounts "
        "WHERE accounts.number = account_balances.number AND kind = 'bridge'",
        "are owed, the vault held",
    ),
    ("ledger.deposits", "DELETE FROM deposits", "a deposit of the chain that was not counted"),
    (
        "ledger.deposits",
        "UPDATE deposits SET transaction_hash = '0xfe' WHERE state = 'credited'",
        "credited, and the chain has no such deposit",
    ),
    (
        "ledger.deposits",
        "INSERT INTO deposits SELECT union_id, gen_random_uuid(), transaction_hash, 7, block_number, "
        "block_hash, depositor, account_word, chain_amount, amount_minor, state, unclaimed, transfer_id, "
        "member_id, seen_at, credited_at FROM deposits WHERE state = 'credited'",
        "a credit for 2 deposits",
    ),
    ("ledger.deposits", "UPDATE deposits SET chain_amount = '1'", "the chain says"),
    (
        "ledger.deposits",
        "UPDATE transfer_rows SET amount_minor = amount_minor + 1 WHERE code = 40",
        "credited 20000001 minor units",
    ),
    ("ledger.deposits", "UPDATE deposits SET state = 'credited'", "its state does not fit its transfer"),
    ("ledger.deposits", "UPDATE deposits SET member_id = gen_random_uuid()", "credited to another member"),
    ("ledger.withdrawals", "DELETE FROM withdrawals", "nobody asked for it"),
    ("ledger.withdrawals", "UPDATE withdrawals SET amount_minor = amount_minor + 1", "asked for otherwise"),
    ("ledger.withdrawals", "UPDATE withdrawals SET recipient = 'x'", "asked for otherwise"),
    ("ledger.withdrawals", "UPDATE withdrawals SET state = 'returned'", "paid on the chain all the same"),
    ("ledger.withdrawals", "UPDATE withdrawals SET state = 'returned'", "the money is not back"),
    (
        "ledger.withdrawals",
        "INSERT INTO withdrawals SELECT union_id, gen_random_uuid(), member_id, account_id, recipient, "
        "amount_minor, 'final', transaction_hash, version, requested_at, changed_at FROM withdrawals LIMIT 1",
        "final, and the chain has not paid it",
    ),
    ("ledger.withdrawals", "DELETE FROM transfer_rows WHERE code = 41", "None were debited"),
    (
        "ledger.withdrawals",
        "UPDATE transfer_rows SET code = 42 WHERE code = 40",
        "1 transfers for 0 withdrawals",
    ),
    ("ledger.rights", "UPDATE withdrawals SET recipient = 'x'", "the act says nothing of it"),
]


async def test_every_planted_violation_is_named(bridge: ChainHouse) -> None:
    await _live(bridge)
    promises = {promise.name: promise for promise in (*bridge_audit.PROMISES, *DEBITS)}
    for name, statement, wrong in VIOLATIONS:
        async with _planted(bridge, statement) as house:
            (verdict,) = await look(house, [promises[name]])
        found = [finding.wrong for finding in verdict.checked.findings]
        assert any(wrong in one for one in found), (statement, found)


async def test_a_thief_with_the_operators_key_is_seen(bridge: ChainHouse) -> None:
    from tests.services.ledger.bridge.test_crashes import release_as_operator

    await _live(bridge)
    release_as_operator(bridge, 99, Wallet(bridge.devnet, 3).address, 50_000_000 * UNIT)
    bridge.devnet.keep()
    await bridge.look()
    async with _planted(bridge) as house:
        owed, _, withdrawals = await look(house, bridge_audit.PROMISES)
    assert not owed.holds and not withdrawals.holds


async def test_without_a_node_the_bridge_is_not_checked(bridge: ChainHouse) -> None:
    url = bridge.ledger.database.superuser_url
    for node in (None, NodeAddress("http://127.0.0.1:9", CHAIN_ID), NodeAddress(bridge.devnet.url, 1)):
        async with reading_chain(url, node) as reading:
            assert reading is None
    told = {item.says for item in not_checked([])}
    assert {promise.says for promise in bridge_audit.PROMISES} <= told
