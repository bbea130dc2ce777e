"""The facts that identity states when it refuses to suspend, to expel, or to hear somebody."""

from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError


class FounderNotExcluded(DomainError):
    """The founder is neither suspended nor expelled: only the charter's own rule ends their office."""


class NotExcludable(DomainError):
    """The member is not one who could be kept out now: they left, or are out already."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class SuspensionTooLong(DomainError):
    """Longer than this deployment lets a member be suspended at a time."""

    def __init__(self, seconds_max: int) -> None:
        super().__init__()
        self.seconds_max = seconds_max


class SuspensionNotFound(DomainError):
    """The union has no such suspension, or it is none of the member's business."""

    def __init__(self, suspension_id: UUID) -> None:
        super().__init__()
        self.suspension_id = suspension_id


class SuspensionOver(DomainError):
    """It has ended, or was lifted."""


class ExpulsionNotFound(DomainError):
    """The union has no such expulsion, or it is none of the member's business."""

    def __init__(self, expulsion_id: UUID) -> None:
        super().__init__()
        self.expulsion_id = expulsion_id


class ExpulsionOpen(DomainError):
    """One case at a time: the other one is to be decided first."""

    def __init__(self, expulsion_id: UUID) -> None:
        super().__init__()
        self.expulsion_id = expulsion_id


class HearingRuns(DomainError):
    """The member is heard first: nothing is decided before."""

    def __init__(self, hearing_until: datetime) -> None:
        super().__init__()
        self.hearing_until = hearing_until


class ExpulsionDecided(DomainError):
    """The case is not at the stage where this could be done."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class OwnCase(DomainError):
    """An officer decides nothing about themselves."""


class OwnDecision(DomainError):
    """Who decided an expulsion does not hear its appeal, unless they are the founder."""


class NotTheMemberConcerned(DomainError):
    """Only the member whom the case is about speaks and appeals in it."""


class AppealTooLate(DomainError):
    """The time to appeal is over."""

    def __init__(self, appeal_until: datetime) -> None:
        super().__init__()
        self.appeal_until = appeal_until
