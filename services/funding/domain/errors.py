"""The facts that funding states when it refuses."""

from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError


class ProjectNotFound(DomainError):
    def __init__(self, project_id: UUID) -> None:
        super().__init__("no such project in this union")
        self.project_id = project_id


class ProjectNotOpen(DomainError):
    def __init__(self, project_id: UUID, state: str) -> None:
        super().__init__("the project takes no pledges and gives none back in this state")
        self.project_id = project_id
        self.state = state


class DeadlinePassed(DomainError):
    def __init__(self, project_id: UUID, deadline_at: datetime) -> None:
        super().__init__("the deadline of the project has passed")
        self.project_id = project_id
        self.deadline_at = deadline_at.isoformat()


class OwnProject(DomainError):
    """Nobody brings their own payout about."""

    def __init__(self, project_id: UUID) -> None:
        super().__init__("a member cannot pledge to their own project")
        self.project_id = project_id


class WrongAsset(DomainError):
    def __init__(self, asset: str, expected_asset: str) -> None:
        super().__init__("targets and pledges are in the union's own token")
        self.asset = asset
        self.expected_asset = expected_asset


class OutOfBounds(DomainError):
    """A number or a text's length is outside what the settings allow; both bounds are allowed values."""

    def __init__(self, field: str, value: int, least: int, most: int) -> None:
        super().__init__(f"{field} is at least {least} and at most {most}")
        self.field = field
        self.value = str(value)
        self.least = str(least)
        self.most = str(most)


class TooManyOpenProjects(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("the member has as many open projects as are allowed")
        self.limit = limit


class TooManyPledges(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("the project has as many pledges as are allowed")
        self.limit = limit


class PledgeNotFound(DomainError):
    def __init__(self, pledge_id: UUID) -> None:
        super().__init__("no such pledge in this union")
        self.pledge_id = pledge_id


class PledgeNotHeld(DomainError):
    def __init__(self, pledge_id: UUID, state: str) -> None:
        super().__init__("only a pledge that is in escrow can be withdrawn")
        self.pledge_id = pledge_id
        self.state = state


class NotBacker(DomainError):
    def __init__(self, pledge_id: UUID) -> None:
        super().__init__("only the member who made the pledge may do this")
        self.pledge_id = pledge_id


class DebitMismatch(DomainError):
    """The signed debit does not name what the pledge moves: asset and destination."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(f"debit.{field} has to be {expected}")
        self.field = field
        self.value = value
        self.expected = expected


class SettlementNotWaiting(DomainError):
    """An answer came for a settlement that the project or the pledge does not wait for."""

    def __init__(self, subject_id: UUID, state: str) -> None:
        super().__init__("no transfer is awaited in this state")
        self.subject_id = subject_id
        self.state = state
