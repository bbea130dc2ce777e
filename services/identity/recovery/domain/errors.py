"""The facts that identity states when it refuses a recovery, or guardians for one."""

from datetime import datetime

from chassis.errors import DomainError


class GuardiansRefused(DomainError):
    """The guardians that were named break a rule, which `rule` says."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class GuardianUnknown(DomainError):
    """No member has this handle or id."""

    def __init__(self, guardian: str) -> None:
        super().__init__()
        self.guardian = guardian


class NoGuardianChange(DomainError):
    """No change of the guardians waits."""


class WardNotFound(DomainError):
    """The member is no guardian of theirs."""

    def __init__(self, member_id: str) -> None:
        super().__init__()
        self.member_id = member_id


class RecoveryNotPossible(DomainError):
    """No such member, no guardians, or not one of their codes: which of them is not told."""


class RecoveriesOpenReached(DomainError):
    """As many recoveries of one member are open as may be."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class RecoveryNotFound(DomainError):
    """No recovery has this id, or it is none of the member's business."""

    def __init__(self, recovery_id: str) -> None:
        super().__init__()
        self.recovery_id = recovery_id


class RecoveryOver(DomainError):
    """The recovery has been decided, or nobody did in time."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class RecoveryFinal(DomainError):
    """The guardians overrode a cancellation: no key cancels it once more."""


class VoteCast(DomainError):
    """The guardian has voted in this round."""


class AnotherRecoveryWaits(DomainError):
    """The account is locked by another recovery."""


class NotAKeyOfTheirs(DomainError):
    """The key that cancels is no living key of the member's."""


class NewKeyTaken(DomainError):
    """The key is or was a member's, or another recovery asks for it."""


class KeyAwaitsRecovery(DomainError):
    """The key is to take the place of a member's lost ones: until then it signs in nowhere."""

    def __init__(self, recovery_id: str) -> None:
        super().__init__()
        self.recovery_id = recovery_id


class AccountLocked(DomainError):
    """Guardians have locked the account while they replace its keys."""

    def __init__(self, recovery_id: str, waits_until: datetime | None) -> None:
        super().__init__()
        self.recovery_id = recovery_id
        self.waits_until = waits_until
