"""A crash between any two steps of a withdrawal: it is paid once, or its money is back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from eth_account import Account

from services.ledger.bridge import sender
from services.ledger.bridge.chain.node import Node
from services.ledger.bridge.domain.words import word_of
from services.ledger.bridge.work import Work
from tests.services.ledger.bridge.chain_house import ChainHouse
from tests.services.ledger.house import GRANT_MINOR, SUPPLY_MINOR
from tests.support.chain import UNIT, Wallet, call_data

pytestmark = pytest.mark.slow

AMOUNT = 40_000_000


class Crash(Exception):
    """The process ends here."""


def _crashing(patch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool) -> Callable[[], None]:
    """From now on `name` ends in a crash, before or after it has done its work; returns how to undo it."""
    real = getattr(owner, name)

    async def crash(*given: Any, **named: Any) -> Any:
        if after:
            await real(*given, **named)
        raise Crash(name)

    patch.setattr(owner, name, crash)
    return lambda: patch.setattr(owner, name, real)


MOMENTS: list[tuple[str, Any, str, bool]] = [
    ("after the nonce was taken", Node, "fees", False),
    ("after the attempt was written, before it was sent", Node, "send", False),
    ("after it was sent, before that was noted", Node, "send", True),
    ("before that it was sent was noted", sender, "note_sent", False),
    ("before the end was noted", Work, "finish", False),
    ("after the end was noted", Work, "finish", True),
]


@pytest.mark.parametrize("kills_node", [False, True], ids=["node lives", "node killed"])
@pytest.mark.parametrize(("told", "owner", "name", "after"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
async def test_a_withdrawal_is_paid_once_whatever_the_moment_of_a_crash(
    bridge: ChainHouse,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    owner: Any,
    name: str,
    after: bool,
    kills_node: bool,
) -> None:
    wallet = Wallet(bridge.devnet, 3)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    mend = _crashing(monkeypatch, owner, name, after=after)
    failures: set[str | None] = set()
    for _ in range(3):
        await bridge.look()
        failures.add(bridge.watch.failure())
        bridge.devnet.keep()
    assert name in failures
    if kills_node:
        process = bridge.devnet.process_id
        assert process is not None
        os.kill(process, signal.SIGKILL)
        bridge.devnet.restart()
    mend()
    await bridge.begin_anew()
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token, "finalized") == before + AMOUNT * UNIT
    await bridge.assert_whole()


async def test_a_sent_transaction_that_vanishes_with_its_block_is_sent_again(bridge: ChainHouse) -> None:
    wallet = Wallet(bridge.devnet, 3)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    await bridge.look()
    bridge.devnet.calls.call("evm_mine")
    process = bridge.devnet.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    bridge.devnet.restart()
    assert wallet.balance(bridge.token) == before
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token) == before + AMOUNT * UNIT


async def test_what_is_not_mined_in_time_is_sent_again_for_more_under_the_same_nonce(
    bridge: ChainHouse,
) -> None:
    wallet = Wallet(bridge.devnet, 3)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    for _ in range(3):
        await bridge.look()
        await bridge.look()
        bridge.later(61)
    attempts = await bridge.ledger.rows(
        "SELECT * FROM chain_attempts WHERE transaction_id = $1 ORDER BY number", withdrawal
    )
    assert len(attempts) == 3
    assert len({row["nonce"] for row in attempts}) == 1
    fees = [int(row["max_fee_wei"]) for row in attempts]
    assert fees[1] * 8 >= fees[0] * 9 and fees[2] * 8 >= fees[1] * 9
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token) == before + AMOUNT * UNIT
    await bridge.assert_whole()


async def test_a_nonce_that_somebody_else_used_is_replaced(
    bridge: ChainHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = Wallet(bridge.devnet, 3)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    mend = _crashing(monkeypatch, Node, "send", after=False)
    await bridge.look()
    mend()
    _send_as_operator(bridge, wallet.address, "0x")
    bridge.devnet.keep()
    await bridge.settle()
    nonces = await bridge.ledger.rows(
        "SELECT DISTINCT nonce FROM chain_attempts WHERE transaction_id = $1", withdrawal
    )
    assert len(nonces) == 2
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token) == before + AMOUNT * UNIT


async def test_a_database_older_than_the_chain_pays_nothing_again(bridge: ChainHouse) -> None:
    wallet = Wallet(bridge.devnet, 3)
    before = wallet.balance(bridge.token)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    await bridge.settle()
    await bridge.ledger.rows("DELETE FROM chain_attempts")
    await bridge.ledger.rows("UPDATE chain_operators SET next_nonce = 0")
    await bridge.ledger.rows(
        "UPDATE chain_transactions SET state = 'waiting', nonce = NULL, attempts_count = 0 "
        "WHERE kind = 'release'"
    )
    await bridge.ledger.rows("UPDATE withdrawals SET state = 'requested', transaction_hash = NULL")
    await bridge.begin_anew()
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
    assert wallet.balance(bridge.token) == before + AMOUNT * UNIT
    assert await bridge.inside(1) == GRANT_MINOR - AMOUNT


async def test_what_the_vault_can_never_pay_is_returned(bridge: ChainHouse) -> None:
    wallet = Wallet(bridge.devnet, 3)
    release_as_operator(bridge, 1, wallet.address, SUPPLY_MINOR * UNIT)
    bridge.devnet.keep()
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    assert await bridge.inside(1) == GRANT_MINOR - AMOUNT
    await bridge.settle()
    assert await bridge.state(withdrawal) == "returned"
    assert await bridge.inside(1) == GRANT_MINOR
    events = await bridge.ledger.published("withdrawal")
    assert [(event["state"], event["version"]) for event in events] == [("requested", 1), ("returned", 2)]


async def test_what_the_chain_refused_at_finality_is_returned(
    bridge: ChainHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = Wallet(bridge.devnet, 3)
    withdrawal = await bridge.withdraw(1, AMOUNT, wallet.address)
    mend = _crashing(monkeypatch, Node, "send", after=False)
    await bridge.look()
    mend()
    attempt = (
        await bridge.ledger.rows(
            "SELECT nonce, signed FROM chain_attempts WHERE transaction_id = $1", withdrawal
        )
    )[0]
    with _empty_vault(bridge):
        bridge.devnet.calls.call("eth_sendRawTransaction", f"0x{attempt['signed'].hex()}")
        bridge.devnet.keep()
        await bridge.settle()
    assert await bridge.state(withdrawal) == "returned"
    assert await bridge.inside(1) == GRANT_MINOR
    (row,) = await bridge.ledger.rows("SELECT state FROM chain_transactions WHERE kind = 'release'")
    assert row["state"] == "failed"
    await bridge.assert_whole()


@contextmanager
def _empty_vault(bridge: ChainHouse) -> Generator[None]:
    """The token's code is away meanwhile, so that no release runs to its end."""
    code = bridge.devnet.calls.call("eth_getCode", bridge.token, "latest")
    bridge.devnet.calls.call("anvil_setCode", bridge.token, "0xfe")
    try:
        yield
    finally:
        bridge.devnet.calls.call("anvil_setCode", bridge.token, code)


def release_as_operator(bridge: ChainHouse, number: int, recipient: str, amount: int) -> None:
    """What only a thief of the key would do."""
    word = word_of(UUID(int=number))
    data = call_data(
        "release(bytes32,address,uint256)", ["bytes32", "address", "uint256"], [word, recipient, amount]
    )
    _send_as_operator(bridge, bridge.vault, data)


def _send_as_operator(bridge: ChainHouse, to: str, data: str) -> None:
    calls = bridge.devnet.calls
    key_file = bridge.ledger.settings.bridge_key_file
    assert key_file is not None
    signed = Account.from_key(key_file.read_text()).sign_transaction(
        {
            "type": 2,
            "chainId": 31_337,
            "nonce": calls.number("eth_getTransactionCount", bridge.operator, "pending"),
            "gas": 200_000,
            "maxFeePerGas": 10**11,
            "maxPriorityFeePerGas": 10**9,
            "value": 0,
            "to": to,
            "data": data,
        }
    )
    calls.call("eth_sendRawTransaction", f"0x{bytes(signed.raw_transaction).hex()}")
