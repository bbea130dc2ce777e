"""The facts that offices state when they refuse."""

from uuid import UUID

from chassis.errors import DomainError


class OfficeNotFound(DomainError):
    """The union has no such office, or it has ended."""

    def __init__(self, office_id: UUID) -> None:
        super().__init__()
        self.office_id = office_id


class OfficeRefused(DomainError):
    """The office would break a rule; `rule` says which."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class OfficeLimit(DomainError):
    """There are as many as there may be."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__()
        self.what = what
        self.limit = limit


class HolderRefused(DomainError):
    """This member cannot be appointed; `rule` says why."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class HolderNotFound(DomainError):
    """The member does not hold the office."""

    def __init__(self, member: str) -> None:
        super().__init__()
        self.member = member
