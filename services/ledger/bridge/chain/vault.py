"""The vault's contract: its logs, its state, and the calls that the operator sends to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chain.artifacts import artifact
from services.ledger.bridge.chain.node import Node
from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.deposits import RawDeposit
from services.ledger.bridge.domain.words import word_of

if TYPE_CHECKING:
    from web3.contract import AsyncContract


class Vaults:
    """Every vault of a deployment: they are one contract at many addresses."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def at(self, address: str) -> Vault:
        web3 = await self._node.web3()
        return Vault(
            self._node, web3.eth.contract(web3.to_checksum_address(address), abi=artifact("Vault").abi)
        )

    async def deployment(self, operator: str, unit: int, token_code: bytes) -> str:
        """The data of the transaction that deploys a vault, and with it its token."""
        web3 = await self._node.web3()
        vault = artifact("Vault")
        factory = web3.eth.contract(abi=vault.abi, bytecode=vault.bytecode)
        return factory.constructor(operator, unit, token_code).data_in_transaction

    async def deposits(self, addresses: Sequence[str], first: int, last: int) -> list[RawDeposit]:
        """The deposits of these vaults in these blocks. Raises ChainUnavailable."""
        return [
            RawDeposit(
                vault=log["address"],
                transaction_hash=log["transactionHash"].to_0x_hex(),
                log_index=log["logIndex"],
                block=Block(log["blockNumber"], log["blockHash"].to_0x_hex()),
                depositor=log["args"]["depositor"],
                account=bytes(log["args"]["account"]),
                amount=log["args"]["amount"],
            )
            for log in await self._logs("Deposit", addresses, first, last)
        ]

    async def releases(self, addresses: Sequence[str], first: int, last: int) -> list[ReleaseLog]:
        """The payments of these vaults in these blocks. Raises ChainUnavailable."""
        return [
            ReleaseLog(
                vault=log["address"],
                withdrawal=bytes(log["args"]["withdrawal"]),
                recipient=log["args"]["recipient"],
                amount=log["args"]["amount"],
                block_number=log["blockNumber"],
            )
            for log in await self._logs("Release", addresses, first, last)
        ]

    async def _logs(self, name: str, addresses: Sequence[str], first: int, last: int) -> list[Any]:
        web3 = await self._node.web3()
        event = web3.eth.contract(abi=artifact("Vault").abi).events[name]()
        async with self._node.asked():
            logs: Sequence[Any] = await web3.eth.get_logs(
                {
                    "address": [web3.to_checksum_address(address) for address in addresses],
                    "topics": [event.topic],
                    "fromBlock": first,
                    "toBlock": last,
                }
            )
            return [event.process_log(log) for log in logs]


@dataclass(frozen=True, slots=True)
class ReleaseLog:
    """A payment as the chain tells it."""

    vault: str
    withdrawal: bytes
    recipient: str
    amount: int
    block_number: int


class Vault:
    """One of them. Its methods raise ChainUnavailable."""

    def __init__(self, node: Node, contract: AsyncContract) -> None:
        self._node = node
        self._contract = contract

    @property
    def address(self) -> str:
        return str(self._contract.address)

    async def token(self) -> str:
        async with self._node.asked():
            return await self._contract.functions.token().call()

    async def held(self) -> int:
        """The tokens that it holds at the finalized block."""
        async with self._node.asked():
            return await self._contract.functions.held().call(block_identifier="finalized")

    async def is_released(self, withdrawal_id: UUID, *, at_finality: bool) -> bool:
        """Whether the withdrawal was paid."""
        block = "finalized" if at_finality else "latest"
        async with self._node.asked():
            return await self._contract.functions.is_released(word_of(withdrawal_id)).call(
                block_identifier=block
            )

    def release(self, withdrawal_id: UUID, recipient: str, amount: int) -> str:
        """The data of the call that pays it."""
        return self._contract.encode_abi("release", [word_of(withdrawal_id), recipient, amount])
