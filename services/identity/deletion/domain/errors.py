"""The facts that identity states when it refuses a deletion."""

from datetime import datetime

from chassis.errors import DomainError


class FounderOfOthers(DomainError):
    """The member founded unions in which others are: they would be without a founder."""

    def __init__(self, unions: str) -> None:
        super().__init__()
        self.unions = unions


class RecoveryWaits(DomainError):
    """Somebody recovers the account: whose it is, is not settled."""


class NoDeletion(DomainError):
    """No deletion of the account waits."""


class DeletionBegun(DomainError):
    """The time is over: the deletion is being carried out."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__()
        self.due_at = due_at


class AccountErasing(DomainError):
    """The account is being erased: nobody signs in to it, and it enters nothing."""
