"""The operator: the one key of a deployment that signs what is sent to the chain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.ledger.bridge.domain.sending import Fees


@dataclass(frozen=True, slots=True)
class Signed:
    """A transaction as it is handed in, and the hash by which the chain will know it."""

    hash: str
    signed: bytes


class Operator:
    """Signs with the key of a file. `repr` shows the address alone."""

    def __init__(self, key_file: Path) -> None:
        from eth_account import Account

        self._account: Any = Account.from_key(key_file.read_text().strip())

    @property
    def address(self) -> str:
        return str(self._account.address)

    def call(self, to: str | None, data: str) -> dict[str, Any]:
        """A call by the operator, as nodes simulate it; without `to` it deploys."""
        return {"from": self.address, "data": data} | ({} if to is None else {"to": to})

    def sign(self, to: str | None, data: str, *, chain_id: int, nonce: int, gas: int, fees: Fees) -> Signed:
        """An EIP-1559 transaction."""
        transaction: dict[str, Any] = {
            "type": 2,
            "chainId": chain_id,
            "nonce": nonce,
            "gas": gas,
            "maxFeePerGas": fees.max_fee_wei,
            "maxPriorityFeePerGas": fees.priority_fee_wei,
            "value": 0,
            "data": data,
        }
        if to is not None:
            transaction["to"] = to
        made = self._account.sign_transaction(transaction)
        return Signed(made.hash.to_0x_hex(), bytes(made.raw_transaction))

    def __repr__(self) -> str:
        return f"Operator({self.address})"
