"""A local time of every day, in its zone: through summer time's gap and repeat."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a local time. A time that the zone skips is due at the first moment after the gap; one
    that the zone repeats is due at its first occurrence."""

    at: time
    zone: str

    def next_due(self, after: datetime) -> datetime:
        """The first due moment later than `after`, in UTC."""
        zone = ZoneInfo(self.zone)
        day = after.astimezone(zone).date()
        while True:
            due = first_moment(datetime.combine(day, self.at, zone))
            if due > after:
                return due
            day += timedelta(days=1)


def first_moment(local: datetime) -> datetime:
    """The instant of a local time (fold 0), or the end of the gap that skips it."""
    instant = local.replace(fold=0).astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    before, after = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    assert before is not None and after is not None
    start, end = instant - abs(after - before), instant
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) / 2
        if middle.astimezone(local.tzinfo).utcoffset() == before:
            start = middle
        else:
            end = middle
    return end.replace(microsecond=0)
