"""A contract wallet asked by a node whether it signed: one `eth_call`, which changes nothing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from chassis.contract_wallets.errors import ContractWalletsUnavailable
from chassis.contract_wallets.signature import ContractSignature
from chassis.network.constructor_calls import (
    NOBODY,
    ConstructorCalls,
    NodeOfAnotherChain,
    Question,
    StateMissing,
)

if TYPE_CHECKING:
    from chassis.settings import ContractWalletSettings


class Said(Enum):
    """What was found at the address."""

    NO_CONTRACT = 0
    NOT_YES = 1
    YES = 2


class ContractWallets:
    """Asks the wallets of one chain, so many at once; `off` says why there is nobody to ask."""

    def __init__(self, settings: ContractWalletSettings) -> None:
        self.off = _off(settings)
        self.chain_id = settings.eth_chain_id
        self._gas_max = settings.contract_wallet_gas_max
        self._node = ConstructorCalls(
            settings.eth_rpc_url,
            chain_id=settings.eth_chain_id,
            seconds=settings.contract_wallet_seconds,
            at_once_max=settings.contract_wallets_at_once_max,
            about="a contract wallet",
        )

    def require(self) -> None:
        """Raises ContractWalletsUnavailable where no node could be asked."""
        if self.off is not None:
            raise ContractWalletsUnavailable(self.off)

    async def ask(self, address: str, digest: bytes, signature: ContractSignature) -> Said:
        """What the wallet says of a signature over 32 bytes.

        Raises ContractWalletsUnavailable, NodeUnavailable.
        """
        self.require()
        question = Question(
            "WalletAnswer",
            ("address", "bytes32", "bytes", "address", "bytes"),
            (address, digest, signature.signature, signature.factory or NOBODY, signature.factory_data),
            words_count=2,
            gas_max=self._gas_max,
        )
        try:
            [said] = await self._node.ask(question, "latest")
        except NodeOfAnotherChain as error:
            raise ContractWalletsUnavailable(error.reason) from None
        except StateMissing:
            raise self._node.silent("it has no state of the latest block") from None
        try:
            return Said(said)
        except ValueError:
            raise self._node.silent("an answer that says nothing") from None


def _off(settings: ContractWalletSettings) -> str | None:
    if settings.eth_rpc_url is None:
        return "ETH_RPC_URL names no node"
    if settings.chain_id != settings.eth_chain_id:
        return (
            f"ETH_CHAIN_ID is {settings.eth_chain_id}, and sign-in messages name chain {settings.chain_id} "
            "(CHAIN_ID)"
        )
    return None
