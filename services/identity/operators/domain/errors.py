"""The facts that identity states when it refuses an operator, or somebody who appeals against one."""

from uuid import UUID

from chassis.errors import DomainError

DAY_SECONDS = 86_400


class OperatorOnly(DomainError):
    """Only an operator of this house does that."""


class OperatorNotLocked(DomainError):
    """An operator's account is locked by nobody: their role is taken from them on the machine first."""


class LockTooLong(DomainError):
    """Longer than this deployment lets an account be locked at once; `days_max`: the same, as text."""

    def __init__(self, seconds_max: int) -> None:
        super().__init__()
        self.seconds_max = seconds_max
        self.days_max = f"{seconds_max / DAY_SECONDS:g}"


class OperatorActInForce(DomainError):
    """The same is in force already."""

    def __init__(self, act_id: UUID) -> None:
        super().__init__()
        self.act_id = act_id


class GroundNamesMember(DomainError):
    """The ground is public, and names the member or the union concerned."""


class PictureNotShown(DomainError):
    """The member does not show this picture."""


class PictureTakenDown(DomainError):
    """The picture was taken down by an operator: it is not shown again while that is in force."""

    def __init__(self, act_id: UUID) -> None:
        super().__init__()
        self.act_id = act_id


class UnionHidden(DomainError):
    """Operators have hidden the union from outsiders."""

    def __init__(self, act_id: UUID) -> None:
        super().__init__()
        self.act_id = act_id


class OperatorActNotFound(DomainError):
    """There is no such act of an operator."""

    def __init__(self, act_id: UUID) -> None:
        super().__init__()
        self.act_id = act_id


class OperatorActOver(DomainError):
    """It is not in force any more; `state` says why."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class NotConcerned(DomainError):
    """Only whom the act is about appeals."""


class AppealMade(DomainError):
    """One appeal was made: there is no second one."""


class NoAppealWaits(DomainError):
    """Nobody has appealed, or it is decided."""


class OwnOperatorAct(DomainError):
    """Who did it does not decide the appeal where there is another operator."""


class AboutOneself(DomainError):
    """An operator decides nothing about themselves, or a union of theirs."""


class AlreadyOperator(DomainError):
    """The member is an operator."""


class NoOperator(DomainError):
    """The member is none."""


class OperatorsReached(DomainError):
    """As many operators as there may be."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
