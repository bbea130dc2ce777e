"""Schedules over the API: paid when due, once for each due time, whatever the clock and the process did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    GRANT_MINOR,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
)

SCHEDULE = str(named("schedule"))


async def give(
    house: LedgerHouse, minor: int = 100, schedule: str = SCHEDULE, number: int = 1, **changed: Any
) -> httpx.Response:
    body = {
        "payee": f"members/{member_id(2)}",
        "amount": {"asset": "GLD", "minor": str(minor)},
        "first_at": (house.clock.now() + timedelta(hours=1)).isoformat(),
        "every": "day",
        "zone": "UTC",
    } | changed
    return await house.act("PUT", f"/schedules/{schedule}", body, number=number)


async def paid(house: LedgerHouse) -> list[datetime]:
    rows = await house.rows(
        "SELECT e.time FROM transfers t JOIN journal_entries e ON e.number = t.entry_number "
        "WHERE t.code = 16 ORDER BY t.sequence"
    )
    return [row["time"] for row in rows]


async def shown(house: LedgerHouse, query: str = "") -> dict[str, Any]:
    return (await house.get(f"/schedules/{SCHEDULE}{query}")).json()


async def pass_time(house: LedgerHouse, **span: float) -> None:
    house.clock.advance(timedelta(**span))
    await house.run_timers()


async def test_it_pays_when_it_is_due_and_shows_what_comes(house: LedgerHouse) -> None:
    given = await give(house, memo="Rent")
    assert given.status_code == 200, given.text
    first = house.clock.now() + timedelta(hours=1)
    coming = [datetime.fromisoformat(due) for due in given.json()["coming"]]
    assert coming == [first + timedelta(days=day) for day in range(3)]
    await pass_time(house, minutes=59, seconds=59)
    assert await paid(house) == []
    await pass_time(house, seconds=1)
    assert len(await paid(house)) == 1
    assert await house.balance(account_of(2)) == GRANT_MINOR + 100
    seen = await shown(house, "?ahead=1")
    assert (seen["state"], seen["posted_count"]) == ("active", 1)
    assert [datetime.fromisoformat(due) for due in seen["coming"]] == [first + timedelta(days=1)]
    line = (await house.get(f"/accounts/{account_of(1)}/statement")).json()["items"][0]
    assert (line["code"], line["memo"], line["amount"]["minor"]) == ("scheduled_pay", "Rent", "-100")
    (notice,) = await house.published("notice.requested.ledger")
    assert (notice["kind"], notice["member_id"]) == ("payment.received", str(member_id(2)))


async def test_after_days_of_downtime_each_due_is_paid_once_and_in_order(house: LedgerHouse) -> None:
    await give(house)
    await pass_time(house, days=3)
    while await house.run_timers():
        pass
    assert len(await paid(house)) == 3
    assert (await shown(house))["posted_count"] == 3
    ids = await house.rows("SELECT count(DISTINCT id) FROM transfers WHERE code = 16")
    assert ids[0][0] == 3


async def test_a_timer_that_runs_again_pays_nothing_again(house: LedgerHouse) -> None:
    """A process that died behind its commit, a clock that was set back: the same due once more."""
    await give(house)
    (timer,) = await house.rows("SELECT key, due, payload FROM timers WHERE kind = 'run_schedule'")
    await pass_time(house, hours=1)
    assert len(await paid(house)) == 1
    async with house.unit() as unit:
        await unit.set_timer("run_schedule", timer["key"], timer["due"], _payload(house))
    await house.run_timers()
    assert len(await paid(house)) == 1
    assert (await shown(house))["posted_count"] == 1


def _payload(house: LedgerHouse) -> dict[str, object]:
    return {"union_id": UNION, "account_id": account_of(1), "schedule_id": SCHEDULE}


async def test_what_is_refused_is_told_and_the_next_time_is_tried(house: LedgerHouse) -> None:
    await give(house, GRANT_MINOR, payee="treasury")
    assert await house.pay(1, 3, 1, named("spent")) == ("posted", None)
    before = await house.balance(account_of_union(AccountKind.TREASURY))
    await pass_time(house, hours=1)
    seen = await shown(house)
    assert (seen["posted_count"], seen["refused_count"], seen["state"]) == (0, 1, "active")
    kinds = [(one["kind"], one["member_id"]) for one in await house.published("notice.requested.ledger")]
    assert kinds[-1] == ("schedule.refused", str(member_id(1)))
    assert await house.pay(3, 1, 1, named("back")) == ("posted", None)
    await pass_time(house, days=1)
    assert (await shown(house))["posted_count"] == 1
    assert await house.balance(account_of_union(AccountKind.TREASURY)) == before + GRANT_MINOR


async def test_a_stopped_one_pays_nothing_more(house: LedgerHouse) -> None:
    await give(house)
    await pass_time(house, hours=1)
    for _ in range(2):
        stopped = await house.act("DELETE", f"/schedules/{SCHEDULE}")
        assert (stopped.status_code, stopped.json()["state"], stopped.json()["coming"]) == (
            200,
            "stopped",
            [],
        )
    await pass_time(house, days=5)
    assert len(await paid(house)) == 1
    assert await house.rows("SELECT 1 FROM timers WHERE kind = 'run_schedule'") == []
    states = [(one["state"], one["version"]) for one in await house.published("schedule")]
    assert states == [("active", 1), ("active", 2), ("stopped", 3)]


async def test_a_number_of_times_ends_and_once_is_one(house: LedgerHouse) -> None:
    await give(house, times=2)
    await give(house, schedule=str(named("once")), every="once", times=None)
    await pass_time(house, days=9)
    while await house.run_timers():
        pass
    assert len(await paid(house)) == 3
    seen = await shown(house)
    assert (seen["state"], seen["posted_count"], seen["coming"]) == ("done", 2, [])


async def test_who_leaves_pays_nobody(house: LedgerHouse) -> None:
    await give(house)
    await house.consume(membership_event(1, version=2, state="left"))
    await pass_time(house, days=2)
    assert await paid(house) == []


async def test_it_is_its_givers_alone(house: LedgerHouse) -> None:
    await give(house)
    foreign = await house.act("DELETE", f"/schedules/{SCHEDULE}", number=2)
    assert (foreign.status_code, foreign.json()["type"].rsplit("/", 1)[-1]) == (404, "schedule-not-found")
    assert (await house.get(f"/schedules/{SCHEDULE}", 2)).status_code == 404
    assert (await house.get("/schedules", 2)).json()["items"] == []
    mine = [one["id"] for one in (await house.get("/schedules", 1)).json()["items"]]
    assert mine == [SCHEDULE]
    code = {"code": "scheduled_pay", "mandate_id": SCHEDULE}
    assert await house.pay(1, 2, 100, named("by hand"), **code) == ("code_not_permitted", None)


async def test_the_same_again_is_the_same_and_other_terms_are_refused(house: LedgerHouse) -> None:
    at = (house.clock.now() + timedelta(days=1)).isoformat()
    first = await give(house, first_at=at)
    again = await give(house, first_at=at)
    assert (again.status_code, again.json()) == (200, first.json())
    for changed in ({"minor": 101}, {"every": "week"}, {"memo": "Other"}, {"zone": "Asia/Tokyo"}):
        other = await give(house, **{"first_at": at, **changed})  # pyright: ignore[reportArgumentType]
        assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (
            409,
            "schedule-exists-differently",
        )
    await pass_time(house, days=1)
    assert (await give(house, first_at=at)).json()["posted_count"] == 1
    assert await house.count("schedules") == 1


async def test_what_is_no_schedule_is_refused(house: LedgerHouse) -> None:
    now = house.clock.now()
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"payee": f"members/{member_id(1)}"}, 409, "payee-not-found"),
        ({"payee": f"members/{member_id(99)}"}, 409, "payee-not-found"),
        ({"payee": str(account_of_union(AccountKind.ISSUANCE))}, 409, "payee-not-found"),
        ({"payee": "nobody"}, 422, "bad-account-reference"),
        ({"amount": {"asset": "SLV", "minor": "1"}}, 422, "wrong-asset"),
        ({"amount": {"asset": "GLD", "minor": "0"}}, 422, "schedule-amount-zero"),
        ({"first_at": (now - timedelta(seconds=1)).isoformat()}, 422, "schedule-time-invalid"),
        ({"first_at": (now + timedelta(days=1_831)).isoformat()}, 422, "schedule-time-invalid"),
        ({"zone": "Europe/Nowhere"}, 422, "zone-unknown"),
        ({"zone": "../etc/passwd"}, 422, "malformed-body"),
        ({"zone": "Europe"}, 422, "zone-unknown"),
        ({"every": "hour"}, 422, "malformed-body"),
        ({"times": 0}, 422, "malformed-body"),
        ({"first_at": "2027-01-01T00:00:00"}, 422, "malformed-body"),
    ]
    for changed, status, problem in wrong:
        answer = await give(house, **changed)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (status, problem), changed
    assert await house.count("schedules") == 0


async def test_a_member_has_a_bounded_number_running(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(house.settings), "schedules_per_account_max", 2)
    for name in ("a", "b"):
        assert (await give(house, schedule=str(named(name)))).status_code == 200
    full = await give(house, schedule=str(named("c")))
    assert (full.status_code, full.json()["type"].rsplit("/", 1)[-1]) == (409, "too-many-schedules")
    assert (await house.act("DELETE", f"/schedules/{named('a')}")).status_code == 200
    assert (await give(house, schedule=str(named("c")))).status_code == 200


async def test_a_schedule_is_given_by_a_signed_act_alone(house: LedgerHouse) -> None:
    path = f"/v1/unions/weavers/schedules/{SCHEDULE}"
    body = {
        "payee": "treasury",
        "amount": {"asset": "GLD", "minor": "1"},
        "first_at": datetime(2099, 1, 1, tzinfo=UTC).isoformat(),
        "every": "once",
        "zone": "UTC",
    }
    assert (await house.client.put(path, json=body, headers=house.bearer(1))).status_code == 401
    assert await house.count("schedules") == 0


async def test_lists_come_in_pages(house: LedgerHouse) -> None:
    for place in range(5):
        await give(house, schedule=str(named(f"schedule {place}")))
        house.clock.advance(timedelta(seconds=1))
    found: list[str] = []
    path: str | None = "/schedules?limit=2"
    while path is not None:
        page = (await house.get(path)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        path = None if cursor is None else f"/schedules?limit=2&cursor={cursor}"
    assert found == [str(named(f"schedule {place}")) for place in (4, 3, 2, 1, 0)]
    assert (await house.get("/schedules?cursor=WzFd")).status_code == 400
