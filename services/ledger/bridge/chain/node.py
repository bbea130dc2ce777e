"""The seam to the chain: the one place that speaks to a node. web3 is imported when a node is first asked."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.ledger.bridge.chain.errors import CallReverted, ChainUnavailable
from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.sending import Fees, first_fees

if TYPE_CHECKING:
    from web3 import AsyncWeb3

_ALREADY_KNOWN = ("already known", "already imported", "nonce too low", "known transaction")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a mined transaction left: in which block, whether it ran to its end, what it deployed."""

    block: Block
    succeeded: bool
    contract: str | None


class Node:
    """A node by its URL, which has to be of the chain that is meant. Every method raises ChainUnavailable."""

    def __init__(self, url: str, chain_id: int, timeout_seconds: float) -> None:
        self.chain_id = chain_id
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._web3: AsyncWeb3[Any] | None = None

    async def web3(self) -> AsyncWeb3[Any]:
        """The client. Importing it takes seconds, which the requests of this process do not wait for."""
        if self._web3 is None:
            await asyncio.to_thread(_import_web3)
            from web3 import AsyncHTTPProvider, AsyncWeb3

            self._web3 = AsyncWeb3(AsyncHTTPProvider(self._url, exception_retry_configuration=None))
        return self._web3

    async def check(self) -> None:
        """The node is of the chain that this deployment's bridges are on."""
        web3 = await self.web3()
        async with self.asked():
            found = await web3.eth.chain_id
        if found != self.chain_id:
            raise ChainUnavailable(f"the node is of chain {found}, the bridges are on {self.chain_id}")

    async def finalized(self) -> Block:
        """The newest block that the chain will not take back."""
        web3 = await self.web3()
        async with self.asked():
            return _block(await web3.eth.get_block("finalized"))

    async def block(self, number: int) -> Block | None:
        """The block of this number; None where the chain does not reach it."""
        web3 = await self.web3()
        from web3.exceptions import BlockNotFound

        async with self.asked():
            try:
                return _block(await web3.eth.get_block(number))
            except BlockNotFound:
                return None

    async def fees(self, fee_wei_max: int) -> Fees:
        """What the chain asks now."""
        web3 = await self.web3()
        async with self.asked():
            newest = await web3.eth.get_block("latest")
            priority = await web3.eth.max_priority_fee
        return first_fees(newest.get("baseFeePerGas", 0), priority, fee_wei_max)

    async def nonces_used(self, address: str, *, at_finality: bool) -> int:
        """How many transactions of the account have run."""
        web3 = await self.web3()
        async with self.asked():
            return await web3.eth.get_transaction_count(
                web3.to_checksum_address(address), "finalized" if at_finality else "latest"
            )

    async def nonces_pending(self, address: str) -> int:
        """The same with those that the node holds ready."""
        web3 = await self.web3()
        async with self.asked():
            return await web3.eth.get_transaction_count(web3.to_checksum_address(address), "pending")

    async def receipt(self, transaction_hash: str) -> Receipt | None:
        web3 = await self.web3()
        from web3.exceptions import TransactionNotFound

        async with self.asked():
            try:
                found = await web3.eth.get_transaction_receipt(transaction_hash)  # type: ignore[arg-type]
            except TransactionNotFound:
                return None
        block = Block(found["blockNumber"], found["blockHash"].to_0x_hex())
        return Receipt(block, found["status"] == 1, found.get("contractAddress"))

    async def knows(self, transaction_hash: str) -> bool:
        """Whether the node has the transaction, mined or waiting."""
        web3 = await self.web3()
        from web3.exceptions import TransactionNotFound

        async with self.asked():
            try:
                await web3.eth.get_transaction(transaction_hash)  # type: ignore[arg-type]
            except TransactionNotFound:
                return False
        return True

    async def send(self, signed: bytes) -> None:
        """Hand it in. One that the node has already, or whose nonce is used, is not handed in again."""
        web3 = await self.web3()
        from web3.exceptions import Web3RPCError

        async with self.asked():
            try:
                await web3.eth.send_raw_transaction(signed)
            except Web3RPCError as error:
                if not any(text in str(error).lower() for text in _ALREADY_KNOWN):
                    raise

    async def gas_of(self, call: dict[str, Any]) -> int:
        """What the call takes at the newest block. Raises CallReverted."""
        web3 = await self.web3()
        async with self.asked():
            return await web3.eth.estimate_gas(call)  # type: ignore[arg-type]

    @asynccontextmanager
    async def asked(self) -> AsyncGenerator[None]:
        """One question to the node: bounded in time, and whatever it fails with is one of two facts."""
        from web3.exceptions import ContractLogicError

        try:
            async with asyncio.timeout(self._timeout_seconds):
                yield
        except ContractLogicError as error:
            raise CallReverted(_reason(error)) from error
        except (ChainUnavailable, CallReverted, asyncio.CancelledError):
            raise
        except Exception as error:
            raise ChainUnavailable(self._told(error)) from error

    async def close(self) -> None:
        if self._web3 is not None:
            await self._web3.provider.disconnect()

    def _told(self, error: Exception) -> str:
        """The failure without the URL, which may carry a key."""
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return said.replace(self._url, "the node")


def _import_web3() -> None:
    importlib.import_module("web3")


def _block(found: Any) -> Block:
    return Block(found["number"], found["hash"].to_0x_hex())


def _reason(error: Any) -> str:
    told = str(getattr(error, "message", None) or error)
    return told.removeprefix("execution reverted: ")
