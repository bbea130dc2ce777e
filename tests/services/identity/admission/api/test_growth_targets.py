"""Targets of growth: set by who admits, shown to everybody, judged when their day is over."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx

from services.identity.admission.use_cases.set_growth_target import JUDGE_GROWTH, judge_growth
from tests.services.identity.admission.api.test_applications import founded, path_of
from tests.services.identity.admission.people import sign_in_again, told, until_somebody_waits
from tests.services.identity.house import IdentityHouse, Member


async def targeted(member: Member, union: dict[str, Any], members: int, days: int = 7) -> httpx.Response:
    due = member.house.clock.now().date() + timedelta(days=days)
    return await member.act(
        "POST", path_of(union, "growth-targets"), {"members": members, "due_on": str(due)}
    )


async def shown(house: IdentityHouse, union: dict[str, Any]) -> list[dict[str, Any]]:
    return (await house.get(path_of(union, "growth-targets"))).json()["items"]


async def judged(house: IdentityHouse, union: dict[str, Any]) -> None:
    """As the timer does when its time has come."""
    [timer] = await house.rows(
        "SELECT key, due FROM timers WHERE kind = $1 AND key LIKE $2", JUDGE_GROWTH, f"{union['id']}:%"
    )
    assert timer["due"].date() == date.fromisoformat((await shown(house, union))[0]["due_on"]) + timedelta(
        days=1
    )
    house.clock.advance(timedelta(days=8))
    for _ in range(2):
        async with house.unit() as unit:
            await judge_growth(unit, timer["key"])


async def test_a_target_is_shown_with_how_far_it_is_and_judged_at_its_end(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Growing", rule="open")
    made = await targeted(founder, union, 2)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["members_count"]) == ("open", 1)
    await worker.join(union)
    [target] = await shown(house, union)
    assert (target["members_count"], target["began_count"]) == (2, 1)
    await judged(house, union)
    [target] = await shown(house, union)
    assert (target["state"], target["members_count"]) == ("reached", 2)
    await sign_in_again(worker)
    await worker.act("DELETE", path_of(union, "memberships/me"))
    assert (await shown(house, union))[0]["members_count"] == 2


async def test_a_target_that_is_not_reached_is_missed(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founded(founder, "Not Growing", rule="open")
    await targeted(founder, union, 2)
    await judged(house, union)
    assert [(one["state"], one["members_count"]) for one in await shown(house, union)] == [("missed", 1)]


async def test_one_that_is_taken_back_waits_for_nothing(house: IdentityHouse) -> None:
    founder, other = await house.member(), await house.member()
    union = await founded(founder, "Growing No More", rule="open")
    kept, dropped = [(await targeted(founder, union, members)).json()["id"] for members in (5, 6)]
    path = path_of(union, "growth-targets")
    elsewhere = await founded(other, "Growing Elsewhere", rule="open")
    await other.act("DELETE", f"{path_of(elsewhere, 'growth-targets')}/{kept}")
    assert await timers_of(house, union) == {kept, dropped}
    await founder.act("DELETE", f"{path}/{dropped}")
    assert await timers_of(house, union) == {kept}
    open_ones = (await house.get(path, state="open")).json()["items"]
    assert [one["id"] for one in open_ones] == [kept]
    withdrawn = (await house.get(path, state="withdrawn")).json()["items"]
    assert [one["id"] for one in withdrawn] == [dropped]
    assert {one["id"] for one in await shown(house, union)} == {dropped, kept}
    assert (await house.get(path, state="closed")).status_code == 422


async def test_one_that_is_taken_back_while_it_is_judged_is_judged(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founded(founder, "Growing At Last", rule="open")
    made = (await targeted(founder, union, 2)).json()
    key = f"{union['id']}:{made['id']}"
    async with house.unit() as judging:
        raw = await judging.raw()
        assert await raw.fetch(
            "SELECT FROM timers WHERE kind = $1 AND key = $2 FOR UPDATE", JUDGE_GROWTH, key
        )
        taking = asyncio.create_task(founder.act("DELETE", path_of(union, "growth-targets", made["id"])))
        await until_somebody_waits(house)
        await raw.execute("SET LOCAL lock_timeout = '1ms'")  # who waits for the timer holds nothing of it
        await judge_growth(judging, key)
    assert (await taking).json()["state"] == "missed"


async def timers_of(house: IdentityHouse, union: dict[str, Any]) -> set[str]:
    """The targets that are to be judged."""
    query = "SELECT key FROM timers WHERE kind = $1 AND key LIKE $2"
    rows = await house.rows(query, JUDGE_GROWTH, f"{union['id']}:%")
    return {row["key"].partition(":")[2] for row in rows}


async def test_who_sets_a_target_and_which(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Growing Rightly", rule="open")
    await worker.join(union)
    path = path_of(union, "growth-targets")
    assert told(await targeted(worker, union, 10)) == (403, "founder-only")
    assert told(await founder.ask("POST", path, {"members": 9, "due_on": "2027-12-31"})) == (
        401,
        "act-unsigned",
    )
    for members, days in ((2, 7), (10, -1), (10, 3_651)):
        assert told(await targeted(founder, union, members, days)) == (400, "growth-target-refused")
    assert told(await targeted(founder, {"id": "nowhere"}, 10)) == (404, "union-not-found")
    assert (await founder.act("POST", path, {"members": 0, "due_on": "2027-12-31"})).status_code == 422
    made = (await targeted(founder, union, 10, 0)).json()
    one = f"{path}/{made['id']}"
    assert told(await worker.act("DELETE", one)) == (403, "founder-only")
    assert told(await founder.act("DELETE", f"{path}/{union['id']}")) == (404, "growth-target-not-found")
    for _ in range(2):
        assert (await founder.act("DELETE", one)).json()["state"] == "withdrawn"
    assert [target["state"] for target in await shown(house, union)] == ["withdrawn"]


async def test_a_few_are_open_also_at_once_and_all_are_listed_by_the_page(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founded(founder, "Growing Much", rule="open")
    most = house.settings.growth_targets_open_max
    answers = await asyncio.gather(*(targeted(founder, union, 10 + number) for number in range(most + 2)))
    assert sorted(answer.status_code for answer in answers) == [201] * most + [409] * 2
    assert {told(answer) for answer in answers if answer.status_code == 409} == {(409, "growth-target-limit")}
    listed = await shown(house, union)
    for more in ({}, {"state": "open"}):
        page = (await house.get(path_of(union, "growth-targets"), limit=2, **more)).json()
        cursor = page["next_cursor"]
        rest = (await house.get(path_of(union, "growth-targets"), limit=2, cursor=cursor, **more)).json()
        assert page["items"] + rest["items"] == listed
