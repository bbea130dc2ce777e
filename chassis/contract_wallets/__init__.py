"""Contract wallets: named by chain and address, verified by a node (EIP-1271, EIP-6492)."""

from chassis.contract_wallets.account import CONTRACT_WALLET, account_id
from chassis.contract_wallets.asking import ContractWallets, Said
from chassis.contract_wallets.certificates import account_of, is_for_contract, verify_contract_signature
from chassis.contract_wallets.errors import (
    ContractWalletNotFound,
    ContractWalletSignatureWrong,
    ContractWalletsUnavailable,
)
from chassis.contract_wallets.signature import (
    SIGNATURE_BYTES_MAX,
    SIGNATURE_CHARACTERS_MAX,
    ContractSignature,
    read_contract_signature,
)

__all__ = [
    "CONTRACT_WALLET",
    "SIGNATURE_BYTES_MAX",
    "SIGNATURE_CHARACTERS_MAX",
    "ContractSignature",
    "ContractWalletNotFound",
    "ContractWalletSignatureWrong",
    "ContractWallets",
    "ContractWalletsUnavailable",
    "Said",
    "account_id",
    "account_of",
    "is_for_contract",
    "read_contract_signature",
    "verify_contract_signature",
]
