"""Schedules: what a member pays at times that they fixed before, and the times at which it is due."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.daily import first_moment


class Every(StrEnum):
    ONCE = "once"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.YEAR: 12}
_DAYS = {Every.DAY: 1, Every.WEEK: 7}


class ScheduleStanding(StrEnum):
    ACTIVE = "active"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`times`: so often in all; None: until it is stopped."""

    id: UUID
    debit_account: UUID
    credit_account: UUID
    amount_minor: int
    first_at: datetime
    every: Every
    zone: str
    times: int | None

    def due(self, number: int) -> datetime | None:
        """When it is due for the time of this number, from 0; None behind the last one.

        Each keeps the first one's local time in the zone, counted from the first one's day; of a month that
        does not have the day it is the last. What falls into the gap of summer time is due at its end, what
        winter time repeats at the first occurrence.
        """
        if self.times is not None and number >= self.times:
            return None
        if number == 0:
            return self.first_at
        zone = ZoneInfo(self.zone)
        first = self.first_at.astimezone(zone)
        try:
            day = _shifted(first.date(), self.every, number)
        except (OverflowError, ValueError):
            return None  # behind the last year that a calendar knows
        return first_moment(datetime.combine(day, first.time(), zone))

    def coming(self, number: int, count: int) -> list[datetime]:
        """The next dues, from that of this number on."""
        dues = (self.due(number + step) for step in range(count))
        return [due for due in dues if due is not None]


@dataclass(frozen=True, slots=True)
class ScheduleProgress:
    """`next_number`: of the time that comes next; all before were paid or refused."""

    next_number: int = 0
    posted_count: int = 0
    refused_count: int = 0
    stopped_at: datetime | None = None
    version: int = 1

    def standing(self, schedule: Schedule) -> ScheduleStanding:
        if self.stopped_at is not None:
            return ScheduleStanding.STOPPED
        has_more = schedule.due(self.next_number) is not None
        return ScheduleStanding.ACTIVE if has_more else ScheduleStanding.DONE


def _shifted(day: date, every: Every, number: int) -> date:
    if every in _DAYS:
        return day + timedelta(days=_DAYS[every] * number)
    months = day.year * 12 + day.month - 1 + _MONTHS[every] * number
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
