"""Why a contract wallet's signature is refused, or cannot be verified now."""

from chassis.errors import DomainError


class ContractWalletsUnavailable(DomainError):
    """This deployment has no node that it could ask; `reason` names the setting."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WalletNodeUnavailable(DomainError):
    """The node gave no answer that can be used: nothing is decided."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self._reason = reason
