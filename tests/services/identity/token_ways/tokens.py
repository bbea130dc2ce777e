"""A devnet with a token on it, which its first account gives and takes back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from eth_abi.abi import encode

from chain.artifacts import artifact
from guildhall.devnet.launcher import CHAIN_ID, Devnet
from tests.support.chain import call_data

HELD_BLOCKS = 4
SUPPLY = 10**24
_FINAL_AFTER_BLOCKS = 4
HOSTILE = (
    "NOTHING", "SHORT_WORD", "LONG_WORD", "TWO_WORDS", "MEGABYTE", "REVERT", "INVALID", "BURN", "WRITE",
    "CALL_ITSELF", "NOW_AND_THEN",
)  # fmt: skip
_FOLDER = Path(__file__).parents[3] / "chain" / "tokens"


@lru_cache
def bytecode(contract: str) -> str:
    """The creation code of one of the tests' own, 0x and hex."""
    return str(orjson.loads((_FOLDER / f"{contract}.json").read_bytes())["bytecode"])


@dataclass
class TokenChain:
    devnet: Devnet
    token: str = ""

    def __post_init__(self) -> None:
        arguments = encode(["string", "string", "uint256"], ["Guild", "GLD", SUPPLY])
        self.token = self.deployed(f"{artifact('UnionToken').bytecode}{arguments.hex()}")

    def deployed(self, code: str) -> str:
        """Where the contract is, one block later."""
        return str(self._sent({"data": code})["contractAddress"])

    def hostile(self, answer: str) -> str:
        """A token that answers one of HOSTILE."""
        return self.deployed(
            bytecode("HostileToken") + encode(["uint256"], [2 ** HOSTILE.index(answer)]).hex()
        )

    def piece(self, pieces: str, holder: str) -> None:
        """A new one, one block later: those of an ERC-721 are numbered from 0."""
        data = call_data("safe_mint(address,string)", ["address", "string"], [holder, ""])
        self._sent({"to": pieces, "data": data})

    def hand_on(self, pieces: str, number: int, holder: str, receiver: str) -> None:
        self.devnet.calls.call("anvil_impersonateAccount", holder)
        self.devnet.calls.call("anvil_setBalance", holder, hex(10**18))
        kinds = ["address", "address", "uint256"]
        data = call_data("transferFrom(address,address,uint256)", kinds, [holder, receiver, number])
        self._sent({"from": holder, "to": pieces, "data": data})

    def way(self, minimum: int, token: str = "", chain_id: int = CHAIN_ID) -> str:
        return f"token:{chain_id}:{(token or self.token).lower()}:{minimum}"

    def give(self, holder: str, amount: int) -> None:
        """One block later it is theirs."""
        self._sent({"to": self.token, "data": _transfer(holder, amount)})

    def take(self, holder: str, amount: int) -> None:
        """The holder gives it away, by an account that the node plays."""
        self.devnet.calls.call("anvil_impersonateAccount", holder)
        self.devnet.calls.call("anvil_setBalance", holder, hex(10**18))
        self._sent({"from": holder, "to": self.token, "data": _transfer(f"0x{'22' * 20}", amount)})

    def mine(self, blocks: int) -> None:
        for _ in range(blocks):
            self.devnet.calls.call("evm_mine")

    def settle(self) -> None:
        """What is so now is final, and has been for as many blocks as the rule asks."""
        self.mine(HELD_BLOCKS + _FINAL_AFTER_BLOCKS)

    def finalize(self) -> None:
        """What is so now is final, and no more."""
        latest = self.devnet.calls.number("eth_blockNumber")
        for _ in range(_FINAL_AFTER_BLOCKS * 2):
            final: dict[str, Any] = self.devnet.calls.call("eth_getBlockByNumber", "finalized", False)
            if int(final["number"], 16) >= latest:
                return
            self.mine(1)

    def _sent(self, transaction: dict[str, Any]) -> dict[str, Any]:
        account = self.devnet.calls.call("eth_accounts")[0]
        sent = self.devnet.calls.call(
            "eth_sendTransaction", {"from": account, "gas": hex(5_000_000)} | transaction
        )
        self.devnet.calls.call("evm_mine")
        receipt: dict[str, Any] = self.devnet.calls.call("eth_getTransactionReceipt", sent)
        assert receipt["status"] == "0x1", receipt
        return receipt


def _transfer(receiver: str, amount: int) -> str:
    return call_data("transfer(address,uint256)", ["address", "uint256"], [receiver, amount])
