"""A contract wallet asked by a node whether it signed: one `eth_call`, which changes nothing."""

from __future__ import annotations

import asyncio
import re
from enum import Enum
from typing import TYPE_CHECKING, Any

import structlog

from chain.artifacts import artifact
from chassis.contract_wallets.errors import ContractWalletsUnavailable, WalletNodeUnavailable
from chassis.contract_wallets.signature import ContractSignature
from chassis.network.json_rpc import RpcNode, RpcUnavailable

if TYPE_CHECKING:
    from chassis.settings import ContractWalletSettings

logger = structlog.get_logger(__name__)

_NOBODY = f"0x{'0' * 40}"
_WORD_BYTES = 32
_ANSWER = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


class Said(Enum):
    """What was found at the address."""

    NO_CONTRACT = 0
    NOT_YES = 1
    YES = 2


class ContractWallets:
    """Asks the wallets of one chain, so many at once; `off` says why there is nobody to ask."""

    def __init__(self, settings: ContractWalletSettings) -> None:
        self.off = _off(settings)
        self._seconds = settings.contract_wallet_seconds
        self.chain_id = settings.eth_chain_id
        self._gas_max = settings.contract_wallet_gas_max
        self._turns = asyncio.Semaphore(settings.contract_wallets_at_once_max)
        url = settings.eth_rpc_url
        self._node = None if url is None else RpcNode(url.get_secret_value(), self._seconds)

    def require(self) -> None:
        """Raises ContractWalletsUnavailable where no node could be asked."""
        if self.off is not None:
            raise ContractWalletsUnavailable(self.off)

    async def ask(self, address: str, digest: bytes, signature: ContractSignature) -> Said:
        """What the wallet says of a signature over 32 bytes.

        Raises ContractWalletsUnavailable, WalletNodeUnavailable.
        """
        self.require()
        assert self._node is not None
        data = await asyncio.to_thread(_question, address, digest, signature)
        call = {"from": _NOBODY, "data": data, "gas": hex(self._gas_max)}
        try:
            async with asyncio.timeout(self._seconds), self._turns:
                answer = await self._node.ask("eth_call", call, "latest")
        except TimeoutError:
            raise self._silent(f"no answer within {self._seconds:g} seconds") from None
        except RpcUnavailable as error:
            raise self._silent(str(error)) from None
        chain_id, said = self._read(answer)
        if chain_id != self.chain_id:
            raise ContractWalletsUnavailable(
                f"ETH_RPC_URL is a node of chain {chain_id}, ETH_CHAIN_ID says {self.chain_id}"
            )
        return said

    def _read(self, answer: Any) -> tuple[int, Said]:
        """The two immutables at the end of the code that the constructor answered."""
        if not isinstance(answer, str) or not _ANSWER.fullmatch(answer):
            raise self._silent("an answer that is no data")
        code = bytes.fromhex(answer[2:])
        if len(code) < 2 * _WORD_BYTES:
            raise self._silent("an answer that is too short")
        chain_id, said = code[-2 * _WORD_BYTES : -_WORD_BYTES], code[-_WORD_BYTES:]
        try:
            return int.from_bytes(chain_id), Said(int.from_bytes(said))
        except ValueError:
            raise self._silent("an answer that says nothing") from None

    def _silent(self, reason: str) -> WalletNodeUnavailable:
        logger.warning("the node of ETH_RPC_URL cannot be asked for a contract wallet", reason=reason)
        return WalletNodeUnavailable(reason)


def _off(settings: ContractWalletSettings) -> str | None:
    if settings.eth_rpc_url is None:
        return "ETH_RPC_URL names no node"
    if settings.chain_id != settings.eth_chain_id:
        return (
            f"ETH_CHAIN_ID is {settings.eth_chain_id}, and sign-in messages name chain {settings.chain_id} "
            "(CHAIN_ID)"
        )
    return None


def _question(address: str, digest: bytes, signature: ContractSignature) -> str:
    """The creation code of chain/WalletAnswer.vy with its arguments; eth_abi takes its time to load."""
    from eth_abi.abi import encode

    arguments = encode(
        ["address", "bytes32", "bytes", "address", "bytes"],
        [address, digest, signature.signature, signature.factory or _NOBODY, signature.factory_data],
    )
    return artifact("WalletAnswer").bytecode + arguments.hex()
