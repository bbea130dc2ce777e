"""The facts that admission states when it refuses."""

from chassis.errors import DomainError


class PeopleFileUnreadable(DomainError):
    """The list of people cannot be read; `ground` says why."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class InvitationListNotFound(DomainError):
    """The union has no such list of people."""

    def __init__(self, list_id: object) -> None:
        super().__init__()
        self.list_id = str(list_id)


class InvitationListEnded(DomainError):
    """The list was ended: it takes no more people, and its links are good no more."""


class InvitationListLimit(DomainError):
    """A bound on lists of people: how many at once, how many people, how long."""

    def __init__(self, bound: str, limit: int) -> None:
        super().__init__()
        self.bound = bound
        self.limit = limit
