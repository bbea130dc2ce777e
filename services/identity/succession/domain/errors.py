"""The facts that identity states when the founder's office is not passed on."""

from datetime import datetime

from chassis.errors import DomainError


class HeirNotNamed(DomainError):
    """The union has no heir."""


class HeirRefused(DomainError):
    """Who cannot be the heir: the holder of the office themselves, or no active member."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class NotTheHeir(DomainError):
    """Only the heir agrees and claims."""


class HeirNotWilling(DomainError):
    """The heir has not agreed, or is no active member by now."""


class ClaimRests(DomainError):
    """The last claim was objected to: the next one has to wait."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class ClaimNotOpen(DomainError):
    """The heir has claimed nothing."""
