"""Daily timers keep local time: through summer time's gap and repeat, in due order, once a day."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.daily import Daily

BERLIN_HALF_PAST_TWO = Daily(time(2, 30), "Europe/Berlin")


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2027, 1, 10, 0, 0, tzinfo=UTC), datetime(2027, 1, 10, 1, 30, tzinfo=UTC)),
        (datetime(2027, 1, 10, 1, 30, tzinfo=UTC), datetime(2027, 1, 11, 1, 30, tzinfo=UTC)),
        # 28 March 2027: 02:00 to 03:00 does not exist; due at the first moment after the gap.
        (datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # 31 October 2027: 02:30 happens twice; due at the first.
        (datetime(2027, 10, 30, 12, 0, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 11, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_half_past_two_in_berlin(after: datetime, due: datetime) -> None:
    assert BERLIN_HALF_PAST_TWO.next_due(after) == due


@given(
    st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.times(),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
)
def test_the_next_due_moment_is_later_and_within_two_days(after: datetime, at: time, zone: str) -> None:
    due = Daily(at.replace(microsecond=0), zone).next_due(after)
    assert timedelta(0) < due - after <= timedelta(hours=49)
