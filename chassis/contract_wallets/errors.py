"""Why a contract wallet's signature is refused, or cannot be verified now."""

from chassis.siwe.errors import SignInRefused


class ContractWalletsUnavailable(SignInRefused):
    """This deployment has no node that it could ask; `reason` names the setting."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ContractWalletNotFound(SignInRefused):
    """No contract is at the address, and the factory that was named brought none there."""

    def __init__(self, address: str, chain_id: int) -> None:
        super().__init__(address, chain_id)
        self.address = address
        self.chain_id = chain_id


class ContractWalletSignatureWrong(SignInRefused):
    """The contract at the address does not say that it signed the message."""

    def __init__(self, address: str, chain_id: int) -> None:
        super().__init__(address, chain_id)
        self.address = address
        self.chain_id = chain_id
