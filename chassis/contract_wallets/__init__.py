"""Contract wallets: named by chain and address, verified by a node (EIP-1271, EIP-6492)."""

from chassis.contract_wallets.account import CONTRACT_WALLET, account_id
from chassis.contract_wallets.asking import ContractWallets, Said
from chassis.contract_wallets.errors import ContractWalletsUnavailable, WalletNodeUnavailable
from chassis.contract_wallets.signature import (
    KEY_SIGNATURE_BYTES,
    SIGNATURE_BYTES_MAX,
    SIGNATURE_CHARACTERS_MAX,
    ContractSignature,
    is_wrapped,
    read_contract_signature,
)

__all__ = [
    "CONTRACT_WALLET",
    "KEY_SIGNATURE_BYTES",
    "SIGNATURE_BYTES_MAX",
    "SIGNATURE_CHARACTERS_MAX",
    "ContractSignature",
    "ContractWallets",
    "ContractWalletsUnavailable",
    "Said",
    "WalletNodeUnavailable",
    "account_id",
    "is_wrapped",
    "read_contract_signature",
]
