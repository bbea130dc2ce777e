"""Blocks that vanish, come back elsewhere, or are read again: no deposit counts twice, none is lost."""

from __future__ import annotations

import os
import signal

import pytest

from tests.services.ledger.bridge.chain_house import ChainHouse
from tests.services.ledger.house import GRANT_MINOR, account_of
from tests.support.chain import UNIT, Wallet

pytestmark = pytest.mark.slow

AMOUNT = 30_000_000


async def _deposited(bridge: ChainHouse) -> tuple[Wallet, str]:
    """A deposit for member 2, final and credited; and its hash."""
    wallet = await bridge.wallet_with(100_000_000)
    sent = wallet.deposit(bridge.vault, AMOUNT * UNIT, account_of(2))
    bridge.devnet.keep()
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    return wallet, sent


async def test_blocks_that_are_read_again_credit_nothing_again(bridge: ChainHouse) -> None:
    await _deposited(bridge)
    for _ in range(2):
        await bridge.ledger.rows("UPDATE bridges SET indexed_number = 0")
        await bridge.begin_anew()
        await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    assert await bridge.ledger.count("deposits") == 1
    await bridge.assert_whole()


async def test_two_deposits_of_one_kind_are_two(bridge: ChainHouse) -> None:
    wallet, _ = await _deposited(bridge)
    wallet.deposit(bridge.vault, AMOUNT * UNIT, account_of(2))
    bridge.devnet.keep()
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR + 2 * AMOUNT


async def test_a_deposit_that_a_fork_moves_to_another_block_is_not_credited_again(bridge: ChainHouse) -> None:
    calls = bridge.devnet.calls
    _, sent = await _deposited(bridge)
    signed = calls.call("eth_getRawTransactionByHash", sent)
    before = await bridge.ledger.rows("SELECT block_number, block_hash FROM deposits")
    calls.call("anvil_reorg", 3, [[signed, 1]])
    calls.call("anvil_mine", "0x2")
    await bridge.look()
    await bridge.look()
    after = await bridge.ledger.rows("SELECT block_number, block_hash FROM deposits")
    assert before != after
    assert after[0]["block_hash"] == calls.call("eth_getTransactionReceipt", sent)["blockHash"]
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    assert bridge.watch.faults() == []
    await bridge.assert_whole()


async def test_a_deposit_that_a_fork_took_is_said_and_counts_once_when_it_is_back(bridge: ChainHouse) -> None:
    calls = bridge.devnet.calls
    _, sent = await _deposited(bridge)
    signed = calls.call("eth_getRawTransactionByHash", sent)
    calls.call("anvil_reorg", 3, [])
    for _ in range(2):
        calls.call("evm_mine")
        await bridge.look()
    assert "1 credited deposits are not on the chain" in bridge.watch.faults()[0]
    if calls.call("eth_getTransactionByHash", sent) is None:
        calls.call("eth_sendRawTransaction", signed)
    bridge.devnet.keep()
    await bridge.look()
    assert bridge.watch.faults() == []
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    await bridge.assert_whole()


async def test_a_deposit_in_a_block_that_vanishes_with_the_node_is_credited_when_it_is_sent_again(
    bridge: ChainHouse,
) -> None:
    wallet = await bridge.wallet_with(100_000_000)
    wallet.deposit(bridge.vault, AMOUNT * UNIT, account_of(2))
    bridge.devnet.calls.call("evm_mine")
    await bridge.look()
    _kill(bridge)
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR
    wallet.deposit(bridge.vault, AMOUNT * UNIT, account_of(2))
    bridge.devnet.keep()
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    await bridge.assert_whole()


async def test_what_was_credited_outlives_the_kill_of_the_node(bridge: ChainHouse) -> None:
    await _deposited(bridge)
    _kill(bridge)
    await bridge.look()
    assert bridge.watch.faults() == []
    assert await bridge.inside(2) == GRANT_MINOR + AMOUNT
    await bridge.assert_whole()


def _kill(bridge: ChainHouse) -> None:
    """SIGKILL, and the node again on what was kept."""
    process = bridge.devnet.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    bridge.devnet.restart()
