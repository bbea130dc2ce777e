"""The times at which a schedule is due: by the calendar and the clock of its zone."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.schedules import Every, Schedule, ScheduleProgress, ScheduleStanding
from tests.services.ledger.domain.ledger_nouns import OTHER, PURSE, named

BERLIN = "Europe/Berlin"


def schedule(
    first: str, every: Every, zone: str = BERLIN, times: int | None = None, fold: int = 0
) -> Schedule:
    """The first time in the zone's own clock."""
    first_at = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    return Schedule(named("schedule"), PURSE.id, OTHER.id, 10, first_at, every, zone, times)


def dues(asked: Schedule, count: int) -> list[str]:
    """In the zone's own clock."""
    return [
        due.astimezone(ZoneInfo(asked.zone)).strftime("%Y-%m-%d %H:%M %z") for due in asked.coming(0, count)
    ]


def test_a_month_without_the_day_has_its_last_one() -> None:
    assert dues(schedule("2027-10-31T09:00", Every.MONTH), 6) == [
        "2027-10-31 09:00 +0100",
        "2027-11-30 09:00 +0100",
        "2027-12-31 09:00 +0100",
        "2028-01-31 09:00 +0100",
        "2028-02-29 09:00 +0100",
        "2028-03-31 09:00 +0200",
    ]
    assert dues(schedule("2028-02-29T09:00", Every.YEAR), 5)[1::3] == [
        "2029-02-28 09:00 +0100",
        "2032-02-29 09:00 +0100",
    ]


def test_a_local_time_is_kept_through_summer_time_its_gap_and_its_repeat() -> None:
    assert dues(schedule("2027-03-27T02:30", Every.DAY), 3) == [
        "2027-03-27 02:30 +0100",
        "2027-03-28 03:00 +0200",
        "2027-03-29 02:30 +0200",
    ]
    assert dues(schedule("2027-10-24T02:30", Every.WEEK), 3) == [
        "2027-10-24 02:30 +0200",
        "2027-10-31 02:30 +0200",
        "2027-11-07 02:30 +0100",
    ]
    assert dues(schedule("2027-10-31T02:30", Every.DAY, fold=1), 2) == [
        "2027-10-31 02:30 +0100",
        "2027-11-01 02:30 +0100",
    ]


def test_once_and_a_number_of_times_end() -> None:
    assert len(schedule("2027-10-01T09:00", Every.ONCE, times=1).coming(0, 9)) == 1
    some = schedule("2027-10-01T09:00", Every.DAY, times=3)
    assert len(some.coming(0, 9)) == 3
    assert some.due(3) is None
    assert ScheduleProgress(next_number=2).standing(some) is ScheduleStanding.ACTIVE
    assert ScheduleProgress(next_number=3).standing(some) is ScheduleStanding.DONE
    stopped = ScheduleProgress(next_number=3, stopped_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert stopped.standing(some) is ScheduleStanding.STOPPED


def test_a_calendar_ends_and_the_schedule_with_it() -> None:
    assert schedule("9999-06-01T09:00", Every.YEAR).due(1) is None
    assert schedule("9999-12-30T09:00", Every.DAY).due(9) is None


ZONES = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
LAPS = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 30.4, Every.YEAR: 365.25}


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1)),  # noqa: DTZ001 - a zone's own clock
    st.sampled_from(sorted(LAPS)),
    ZONES,
)
def test_dues_rise_and_keep_their_distance(first: datetime, every: Every, zone: str) -> None:
    asked = schedule(first.replace(microsecond=0).isoformat(), every, zone)
    coming = asked.coming(0, 40)
    assert len(coming) == 40 and coming[0] == asked.first_at
    for place, (before, after) in enumerate(itertools.pairwise(coming)):
        assert timedelta(hours=22) < after - before, (place, before, after)
        lap = (after - before).total_seconds() / 86_400
        assert abs(lap - LAPS[every]) < 3
    local = [due.astimezone(ZoneInfo(zone)) for due in coming]
    kept = [one for one in local if one.time() == local[0].time()]
    assert len(kept) >= 38, "a gap moves a due by at most its own length, and is rare"
