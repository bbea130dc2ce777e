"""The devnet keeps what it called final through any kill, and an idle one does not grow."""

import os
import signal
import stat
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from guildhall.devnet.launcher import CHAIN_ID, Devnet, running_devnet_url
from guildhall.devnet.node_calls import NodeCalls, NodeSilent
from guildhall.devnet.operator_key import operator_key
from guildhall.refusals import StartRefused
from tests.support.chain import anvil

HOLDER = "0x00000000000000000000000000000000000000aa"
FIRST_KEY_OF_DEVNETS = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
FIRST_ADDRESS_OF_DEVNETS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
"""Known to everybody: of the mnemonic that every development node begins with."""


@pytest.fixture
def devnet(tmp_path: Path) -> Generator[Devnet]:
    made = Devnet(tmp_path / "devnet", anvil())
    made.start()
    yield made
    made.stop()


def _balance(devnet: Devnet, block: str = "finalized") -> int:
    return devnet.calls.number("eth_getBalance", HOLDER, block)


def _kill(devnet: Devnet) -> None:
    assert devnet.process_id is not None
    os.kill(devnet.process_id, signal.SIGKILL)
    while devnet.is_running():
        time.sleep(0.01)


def test_what_is_final_outlives_a_kill_under_the_same_address(devnet: Devnet) -> None:
    devnet.fund(HOLDER)
    devnet.keep()
    url, accounts = devnet.url, devnet.calls.call("eth_accounts")
    assert _balance(devnet) == 10**20
    for _ in range(3):
        _kill(devnet)
        devnet.restart()
        assert (devnet.url, devnet.calls.call("eth_accounts")) == (url, accounts)
        assert devnet.calls.number("eth_chainId") == CHAIN_ID
        assert _balance(devnet) == 10**20


def test_what_is_not_kept_yet_is_not_final_and_vanishes(devnet: Devnet) -> None:
    devnet.fund(HOLDER)
    devnet.calls.call("evm_mine")
    assert (_balance(devnet), _balance(devnet, "latest")) == (0, 10**20)
    _kill(devnet)
    devnet.restart()
    assert _balance(devnet, "latest") == 0


def test_an_idle_chain_does_not_grow(devnet: Devnet) -> None:
    devnet.fund(HOLDER)
    devnet.keep()
    height = devnet.calls.number("eth_blockNumber")
    for _ in range(5):
        devnet.keep()
    assert devnet.calls.number("eth_blockNumber") == height


def test_a_stop_keeps_what_was_mined_last(devnet: Devnet) -> None:
    devnet.fund(HOLDER)
    devnet.calls.call("evm_mine")
    devnet.stop()
    assert running_devnet_url(devnet.folder) is None
    devnet.start()
    assert _balance(devnet) == 10**20
    assert running_devnet_url(devnet.folder) == devnet.url


def test_who_has_ether_is_given_none(devnet: Devnet) -> None:
    for _ in range(2):
        devnet.fund(HOLDER)
        devnet.keep()
    assert _balance(devnet) == 10**20


def test_a_page_of_another_origin_is_not_answered(devnet: Devnet) -> None:
    asked = httpx.options(
        devnet.url, headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in asked.headers


def test_a_port_of_somebody_else_is_refused(devnet: Devnet, tmp_path: Path) -> None:
    other = Devnet(tmp_path / "other", anvil(), devnet.port)
    with pytest.raises(StartRefused):
        other.start()
    other.stop()


def test_what_is_no_node_is_silent() -> None:
    for url in ("http://127.0.0.1:9", "nonsense", "http://"):
        with pytest.raises(NodeSilent):
            NodeCalls(url).call("eth_chainId")


def test_the_operators_key_is_made_once_and_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "operator.key"
    address = operator_key(file)
    assert operator_key(file) == address
    assert operator_key(tmp_path / "another.key") != address
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text(FIRST_KEY_OF_DEVNETS)
    assert operator_key(file) == FIRST_ADDRESS_OF_DEVNETS
    for broken in ("", "zz", "00" * 32, "ff" * 32, "11", "11" * 33):
        file.write_text(broken)
        with pytest.raises(StartRefused, match="holds no key"):
            operator_key(file)
