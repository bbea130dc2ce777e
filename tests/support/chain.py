"""A devnet of a test's own, and a wallet that deposits: every block is mined when the test says so."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from guildhall.devnet.binaries import DevnetMissing, find_anvil
from guildhall.devnet.launcher import Devnet

UNIT = 10**12


def anvil() -> Path:
    """The program, or one reason to leave the test out."""
    try:
        return find_anvil()
    except DevnetMissing as missing:
        pytest.skip(f"no devnet here: {missing.reason}")


@contextmanager
def running_devnet(folder: Path) -> Generator[Devnet]:
    devnet = Devnet(folder, anvil())
    devnet.start()
    try:
        yield devnet
    finally:
        devnet.stop()


class Wallet:
    """One of the node's unlocked accounts; what it sends waits until it is mined."""

    def __init__(self, devnet: Devnet, number: int = 1) -> None:
        self.devnet = devnet
        self.address = checksum(devnet.calls.call("eth_accounts")[number])

    def approve(self, token: str, spender: str, amount: int) -> str:
        return self._send(
            token, call_data("approve(address,uint256)", ["address", "uint256"], [spender, amount])
        )

    def deposit(self, vault: str, amount: int, account: UUID | bytes) -> str:
        word = account if isinstance(account, bytes) else account.int.to_bytes(32)
        return self._send(
            vault, call_data("deposit(uint256,bytes32)", ["uint256", "bytes32"], [amount, word])
        )

    def balance(self, token: str, block: str = "latest") -> int:
        return balance_of(self.devnet, token, self.address, block)

    def _send(self, to: str, data: str) -> str:
        return self.devnet.calls.call(
            "eth_sendTransaction", {"from": self.address, "to": to, "data": data, "gas": hex(300_000)}
        )


def balance_of(devnet: Devnet, token: str, holder: str, block: str = "latest") -> int:
    data = call_data("balanceOf(address)", ["address"], [holder])
    return devnet.calls.number("eth_call", {"to": token, "data": data}, block)


def call_data(signature: str, kinds: list[str], values: list[Any]) -> str:
    return f"0x{(keccak(text=signature)[:4] + encode(kinds, values)).hex()}"


def checksum(address: str) -> str:
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(address))
