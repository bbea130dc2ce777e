"""The refusals of contract wallets."""

from collections.abc import Mapping

from chassis.contract_wallets import (
    ContractWalletNotFound,
    ContractWalletSignatureWrong,
    ContractWalletsUnavailable,
)
from chassis.errors import DomainError
from chassis.problems import ProblemType

CONTRACT_WALLET_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    ContractWalletsUnavailable: ProblemType(
        "contract-wallets-unavailable",
        409,
        "Contract wallets cannot sign in here",
        "Sign in with a wallet of a key, or by passkey. Of this deployment: {reason}.",
    ),
    ContractWalletNotFound: ProblemType(
        "contract-wallet-not-found",
        401,
        "There is no such contract",
        "On chain {chain_id} no contract is at {address}, and the signature brings none there.",
    ),
    ContractWalletSignatureWrong: ProblemType(
        "contract-wallet-signature-wrong",
        401,
        "The contract does not say yes",
        "On chain {chain_id} the contract at {address} does not say that it signed the message.",
    ),
}
