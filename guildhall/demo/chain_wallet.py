"""A member's wallet on a devnet: it approves and deposits what it has, and its fees are the node's gift."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from guildhall.client import Wallet
from guildhall.devnet.node_calls import NodeCalls

GAS = 200_000
GIFT_WEI = 10**18
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.1


class ChainWallet:
    """Signs transactions with the key that signs in. Its methods block, and raise NodeSilent."""

    def __init__(self, node_url: str, wallet: Wallet) -> None:
        self._calls = NodeCalls(node_url)
        self._wallet = wallet

    def deposit_all(self, token: str, vault: str, account_id: UUID) -> None:
        """Everything that it holds, for this account; nothing where it holds nothing."""
        address = self._wallet.address
        data = _call("balanceOf(address)", ["address"], [address])
        balance = self._calls.number("eth_call", {"to": token, "data": data}, "latest")
        if balance == 0:
            return
        self._be_given_fees()
        word = account_id.int.to_bytes(32)
        self._send(token, _call("approve(address,uint256)", ["address", "uint256"], [vault, balance]))
        self._send(vault, _call("deposit(uint256,bytes32)", ["uint256", "bytes32"], [balance, word]))

    def _be_given_fees(self) -> None:
        """From the account that a devnet's node keeps unlocked."""
        purse = self._calls.call("eth_accounts")[0]
        gift = {"from": purse, "to": self._wallet.address, "value": hex(GIFT_WEI)}
        self._await(self._calls.call("eth_sendTransaction", gift))

    def _send(self, to: str, data: str) -> None:
        from eth_account import Account

        transaction: dict[str, Any] = {
            "type": 2,
            "chainId": self._calls.number("eth_chainId"),
            "nonce": self._calls.number("eth_getTransactionCount", self._wallet.address, "latest"),
            "gas": GAS,
            "maxFeePerGas": 2 * self._calls.number("eth_gasPrice"),
            "maxPriorityFeePerGas": 0,
            "value": 0,
            "to": to,
            "data": data,
        }
        signed = Account.from_key(self._wallet.private_key).sign_transaction(transaction)
        sent = self._calls.call("eth_sendRawTransaction", f"0x{bytes(signed.raw_transaction).hex()}")
        self._await(sent)

    def _await(self, transaction_hash: str) -> None:
        """Until it is mined; one that reverted is seen by what does not follow."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._calls.call("eth_getTransactionReceipt", transaction_hash) is None:
            if time.monotonic() > deadline:
                return
            time.sleep(PAUSE_SECONDS)


def _call(signature: str, kinds: list[str], values: list[Any]) -> str:
    """The data of a contract's call."""
    from eth_abi.abi import encode
    from eth_hash.auto import keccak

    return f"0x{(keccak(signature.encode())[:4] + encode(kinds, values)).hex()}"
