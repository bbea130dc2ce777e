"""The facts that identity states when it refuses to tell somebody somewhere."""

from chassis.errors import DomainError


class ZoneUnknown(DomainError):
    """No time zone of the IANA database has this name."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = zone


class QuietHoursEmpty(DomainError):
    """Quiet hours begin when they end."""


class ChannelOff(DomainError):
    """This deployment does not have this way to tell members."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what


class NoEmailAddress(DomainError):
    """The member has named no e-mail address."""


class EmailCodeWrong(DomainError):
    """Another code was sent."""

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class EmailCodeUsedUp(DomainError):
    """The code has expired, or too many others were tried: a new one is needed."""


class PushUrlRefused(DomainError):
    """Nothing is sent to this address of a browser; `ground` says why."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground
