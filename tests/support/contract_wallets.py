"""Contract wallets of tests on a devnet: deployed, counterfactual and hostile ones, and what they sign."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from chassis.contract_wallets.signature import WRAPPED_SUFFIX
from guildhall.devnet.launcher import Devnet
from tests.support.chain import call_data, checksum

FOLDER = Path(__file__).parents[1] / "chain" / "wallets"
HOSTILE = (
    "GARBAGE", "FOUR_BYTES", "TWO_WORDS", "PADDED", "NOTHING", "MEGABYTE", "REVERT", "BURN", "WRITE",
    "CALL_ITSELF", "YES_ON_ANOTHER_CHAIN",
)  # fmt: skip
GAS = 5_000_000


@lru_cache
def bytecode(contract: str) -> bytes:
    written = orjson.loads((FOLDER / f"{contract}.json").read_bytes())
    return bytes.fromhex(written["bytecode"].removeprefix("0x"))


def owned_code(owner: str) -> bytes:
    """The creation code of an OwnedWallet."""
    return bytecode("OwnedWallet") + encode(["address"], [owner])


def hostile_code(answer: str) -> bytes:
    return bytecode("HostileWallet") + encode(["uint256"], [2 ** HOSTILE.index(answer)])


def wrapped(factory: str, factory_data: str, signature: bytes) -> str:
    """As EIP-6492 wraps a signature."""
    parts = [factory, bytes.fromhex(factory_data.removeprefix("0x")), signature]
    return f"0x{(encode(['address', 'bytes', 'bytes'], parts) + WRAPPED_SUFFIX).hex()}"


@dataclass
class WalletChain:
    """A devnet with a factory of wallets on it."""

    devnet: Devnet
    factory: str = ""

    def __post_init__(self) -> None:
        self.factory = self.deployed(bytecode("WalletFactory"))

    def deployed(self, code: bytes) -> str:
        """Where the contract is, one block later."""
        return self.sent({"data": f"0x{code.hex()}"})["contractAddress"]

    def sent(self, transaction: dict[str, Any]) -> dict[str, Any]:
        """The receipt of a transaction of the node's first account, which has succeeded."""
        account = self.devnet.calls.call("eth_accounts")[0]
        sent = self.devnet.calls.call("eth_sendTransaction", {"from": account, "gas": hex(GAS)} | transaction)
        self.devnet.calls.call("evm_mine")
        receipt: dict[str, Any] = self.devnet.calls.call("eth_getTransactionReceipt", sent)
        assert receipt["status"] == "0x1", receipt
        return receipt

    def has_code(self, address: str) -> bool:
        return self.devnet.calls.call("eth_getCode", address, "latest") != "0x"

    def wallet(self, *, is_deployed: bool = True, owner: Any = None) -> ContractWallet:
        """A wallet of a new owner."""
        owner = owner or Account.from_key(secrets.token_bytes(32))
        code, salt = owned_code(owner.address), secrets.token_bytes(32)
        known = keccak(b"\xff" + bytes.fromhex(self.factory[2:]) + salt + keccak(code))[12:]
        deployment = call_data("deploy(bytes,bytes32)", ["bytes", "bytes32"], [code, salt])
        wallet = ContractWallet(checksum(f"0x{known.hex()}"), owner, self.factory, deployment)
        if is_deployed:
            self.deploy(wallet)
        return wallet

    def deploy(self, wallet: ContractWallet) -> None:
        self.sent({"to": wallet.factory, "data": wallet.deployment})
        assert self.has_code(wallet.address)

    def hostile(self, answer: str) -> ContractWallet:
        owner = Account.from_key(secrets.token_bytes(32))
        return ContractWallet(checksum(self.deployed(hostile_code(answer))), owner, self.factory, "0x")


@dataclass(frozen=True)
class ContractWallet:
    """A wallet by its address; `deployment` is what its factory is called with."""

    address: str
    owner: Any = field(repr=False)
    factory: str
    deployment: str

    def owner_signature(self, text: str) -> bytes:
        return bytes(self.owner.sign_message(encode_defunct(text=text)).signature)

    def signature(self, text: str) -> str:
        """As a deployed wallet signs."""
        return f"0x{self.owner_signature(text).hex()}"

    def wrapped_signature(self, text: str) -> str:
        """As one that is not deployed yet signs."""
        return wrapped(self.factory, self.deployment, self.owner_signature(text))
