"""When a member is told: at once or once a day, never in their quiet hours, by their own clock."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.notices.domain.choice import NoticeChoice, QuietHours
from tests.services.identity.notices.conftest import Telling

GATHER = timedelta(seconds=30)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
NIGHT = QuietHours(time(22), time(7))
YEARS = (datetime(2026, 1, 1), datetime(2028, 1, 1))  # noqa: DTZ001 - Hypothesis adds the zone

moments = st.datetimes(*YEARS, timezones=st.just(UTC))
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
quiet_hours = (
    st.tuples(minutes, minutes).filter(lambda two: two[0] != two[1]).map(lambda two: QuietHours(*two))
)


@pytest.mark.parametrize(
    ("choice", "now", "due"),
    [
        (NoticeChoice(), "2026-11-28T23:00:00", "2026-11-28T23:00:30"),
        (NoticeChoice(zone="Europe/Berlin", quiet=NIGHT), "2026-11-28T20:00:00", "2026-11-28T20:00:30"),
        (NoticeChoice(zone="Europe/Berlin", quiet=NIGHT), "2026-11-28T20:59:40", "2026-11-29T06:00:00"),
        (NoticeChoice(zone="Europe/Berlin", quiet=NIGHT), "2026-11-29T05:59:00", "2026-11-29T06:00:00"),
        (NoticeChoice(quiet=QuietHours(time(12), time(14))), "2026-11-28T13:00:00", "2026-11-28T14:00:00"),
        (NoticeChoice(digest_at=time(18)), "2026-11-28T17:59:59", "2026-11-28T18:00:00"),
        (NoticeChoice(digest_at=time(18)), "2026-11-28T18:00:00", "2026-11-29T18:00:00"),
        (NoticeChoice(digest_at=time(23), quiet=NIGHT), "2026-11-28T18:00:00", "2026-11-29T07:00:00"),
        # The clock goes from 2 to 3: half past two is told when it would have been.
        (
            NoticeChoice(zone="Europe/Berlin", digest_at=time(2, 30)),
            "2027-03-28T00:00:00",
            "2027-03-28T01:00:00",
        ),
    ],
)
def test_when_it_is_told(choice: NoticeChoice, now: str, due: str) -> None:
    told = choice.due(datetime.fromisoformat(now).replace(tzinfo=UTC), GATHER)
    assert told == datetime.fromisoformat(due).replace(tzinfo=UTC)


@given(moments, st.sampled_from(ZONES), quiet_hours, st.none() | minutes)
def test_nothing_is_told_in_quiet_hours_and_nothing_waits_for_more_than_two_days(
    now: datetime, zone: str, quiet: QuietHours, digest_at: time | None
) -> None:
    due = NoticeChoice("en", zone, quiet, digest_at).due(now, GATHER)
    local = due.astimezone(ZoneInfo(zone))
    # Their end itself may fall into a gap of the clock: then it is the first moment after the gap.
    assert not quiet.hold(local.time()) or local.utcoffset() != (local - timedelta(hours=2)).utcoffset()
    assert now < due <= now + timedelta(days=2, hours=2)


async def test_a_choice_is_changed_under_its_etag(telling: Telling) -> None:
    member = telling.member
    first = await member.ask("GET", "/v1/me/notice-choice")
    assert first.json() == {
        "language": "en",
        "zone": "UTC",
        "quiet_from": None,
        "quiet_until": None,
        "digest_at": None,
        "version": 0,
    }
    body = {"language": "de", "zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00"}
    put = await member.ask("PUT", "/v1/me/notice-choice", body, **{"if-match": first.headers["etag"]})
    assert put.json() == {**body, "digest_at": None, "version": 1}
    assert (await member.ask("PUT", "/v1/me/notice-choice", body)).status_code == 428
    stale = await member.ask("PUT", "/v1/me/notice-choice", body, **{"if-match": first.headers["etag"]})
    assert stale.status_code == 412
    again = await member.ask("GET", "/v1/me/notice-choice")
    assert (again.json(), again.headers["etag"]) == (put.json(), put.headers["etag"])


@pytest.mark.parametrize(
    ("changed", "status", "problem"),
    [
        ({"zone": "Europe/Atlantis"}, 422, "zone-unknown"),
        ({"zone": "../../etc/passwd"}, 422, "zone-unknown"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, 422, "quiet-hours-empty"),
        ({"quiet_from": "07:00"}, 422, None),
        ({"quiet_from": "24:00", "quiet_until": "07:00"}, 422, None),
        ({"digest_at": "7:00"}, 422, None),
        ({"language": "tlh"}, 422, None),
    ],
)
async def test_a_choice_that_is_none_is_refused(
    telling: Telling, changed: dict[str, Any], status: int, problem: str | None
) -> None:
    body = {"language": "en", "zone": "UTC"} | changed
    put = await telling.member.ask("PUT", "/v1/me/notice-choice", body, **{"if-match": "*"})
    assert put.status_code == status
    assert problem is None or put.json()["type"].endswith(f"/{problem}")
    assert (await telling.member.ask("GET", "/v1/me/notice-choice")).json()["version"] == 0
