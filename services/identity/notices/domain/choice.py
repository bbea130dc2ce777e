"""When and in which language a member wants to be told."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from chassis.daily import Daily
from services.identity.notices.domain.errors import QuietHoursEmpty, ZoneUnknown

LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a local time until another; over midnight where it is not the later one."""

    begin: time
    end: time

    def hold(self, at: time) -> bool:
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """`digest_at`: once a day at this local time, instead of at once. `version` counts the changes."""

    language: str = LANGUAGES[0]
    zone: str = "UTC"
    quiet: QuietHours | None = None
    digest_at: time | None = None
    version: int = 0

    def due(self, now: datetime, gather: timedelta) -> datetime:
        """When what happens now is told: never in the quiet hours."""
        wanted = now + gather if self.digest_at is None else Daily(self.digest_at, self.zone).next_due(now)
        if self.quiet is None or not self.quiet.hold(wanted.astimezone(ZoneInfo(self.zone)).time()):
            return wanted.astimezone(UTC)
        return Daily(self.quiet.end, self.zone).next_due(wanted)


def check_choice(choice: NoticeChoice) -> NoticeChoice:
    """Raises ZoneUnknown, QuietHoursEmpty."""
    if choice.zone not in available_timezones():
        raise ZoneUnknown(choice.zone)
    if choice.quiet is not None and choice.quiet.begin == choice.quiet.end:
        raise QuietHoursEmpty
    return choice
