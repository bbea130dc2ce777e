"""The facts that businesses state when they refuse."""

from chassis.errors import DomainError


class BusinessNotFound(DomainError):
    """The union has no such business."""

    def __init__(self, business: str) -> None:
        super().__init__()
        self.business = business


class BusinessClosed(DomainError):
    """The business was closed: its managers wind it up, its owners say who they are, and that is all."""


class BusinessNameTaken(DomainError):
    """An open business of the union is called so."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class BusinessRefused(DomainError):
    """What is asked for would break a rule; `rule` says which."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class BusinessLimit(DomainError):
    """There are as many as there may be."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__()
        self.what = what
        self.limit = limit


class BusinessRightMissing(DomainError):
    """Only some may do this in the business; an office of the union is none of them."""

    def __init__(self, who: str, act: str) -> None:
        super().__init__()
        self.who = who
        self.act = act


class SharesRefused(DomainError):
    """The shares cannot go there; `rule` says why."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class AppointmentRefused(DomainError):
    """This member cannot have the post; `rule` says why."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class PostNotFound(DomainError):
    """The business has no such manager or hire by now."""

    def __init__(self, post: str) -> None:
        super().__init__()
        self.post = post


class ResolutionNotFound(DomainError):
    """The business has no such resolution."""

    def __init__(self, resolution: str) -> None:
        super().__init__()
        self.resolution = resolution


class ResolutionOver(DomainError):
    """Nobody approves it any more: it has passed, or its time is over."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state
