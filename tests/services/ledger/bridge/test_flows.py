"""Deposits and withdrawals on a real chain."""

import pytest

from tests.services.ledger.bridge.chain_house import ChainHouse
from tests.services.ledger.house import GRANT_MINOR, SUPPLY_MINOR, account_of
from tests.support.chain import UNIT, Wallet

pytestmark = pytest.mark.slow


async def test_the_vault_of_an_opened_bridge_holds_the_whole_supply(bridge: ChainHouse) -> None:
    assert bridge.held("finalized") == SUPPLY_MINOR * UNIT
    await bridge.assert_whole()


async def test_a_withdrawal_is_paid_and_final(bridge: ChainHouse) -> None:
    wallet = Wallet(bridge.devnet, 2)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, 40_000_000, wallet.address)
    assert await bridge.state(withdrawal) == "requested"
    assert await bridge.inside(1) == GRANT_MINOR - 40_000_000
    await bridge.look()
    assert await bridge.state(withdrawal) == "sent"
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token, "finalized") == before + 40_000_000 * UNIT
    await bridge.assert_whole()


async def test_a_deposit_is_credited_at_finality(bridge: ChainHouse) -> None:
    wallet = await bridge.wallet_with(100_000_000)
    wallet.deposit(bridge.vault, 30_000_000 * UNIT, account_of(2))
    bridge.devnet.calls.call("evm_mine")
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR
    bridge.devnet.keep()
    await bridge.look()
    assert await bridge.inside(2) == GRANT_MINOR + 30_000_000
    (shown,) = (await bridge.ledger.get("/deposits", 2)).json()["items"]
    assert (shown["state"], shown["amount"]["minor"]) == ("credited", "30000000")
    assert [event["minor"] for event in await bridge.ledger.published("deposit.credited")] == ["30000000"]
    await bridge.assert_whole()
