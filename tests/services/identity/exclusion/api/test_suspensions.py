"""Suspensions: for a time and on a ground, back by themselves, no way round, and nobody's business else."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.services.identity.exclusion.court import GROUND, convened, told, well
from tests.services.identity.house import IdentityHouse

DAY = 86_400


async def test_a_member_is_out_everywhere_and_comes_back_when_the_time_is_over(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Weights")
    made = well(await court.suspend(2 * DAY))
    assert (made["member_id"], made["ordered_by"]) == (str(court.member.id), str(court.founder.id))
    assert (made["ground"], made["runs"], made["lifted_at"]) == (GROUND, True, None)
    assert datetime.fromisoformat(made["ends_at"]) == house.clock.now() + timedelta(days=2)
    assert (await court.state(), await court.members_count()) == ("suspended", 1)
    assert await court.revoked() == [(2, "suspended")]
    await court.pass_time(2 * DAY - 1)
    assert await court.state() == "suspended"
    await court.pass_time(1)
    assert (await court.state(), await court.members_count()) == ("active", 2)
    [shown] = well(await court.member.ask("GET", f"{court.path}/suspensions"))["items"]
    assert shown == made | {"runs": False}
    assert await court.notices(court.member) == ["membership.suspended", "membership.resumed"]


async def test_an_officer_lifts_it_before_and_the_clock_does_nothing_more(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Scales")
    made = well(await court.suspend(DAY))
    path = f"{court.path}/suspensions/{made['id']}"
    assert told(await court.member.act("DELETE", path)) == (403, "founder-only")
    lifted = well(await court.founder.act("DELETE", path))
    assert (lifted["runs"], lifted["lifted_by"]) == (False, str(court.founder.id))
    assert await court.state() == "active"
    assert told(await court.founder.act("DELETE", path)) == (409, "suspension-over")
    elsewhere = f"{court.path}/suspensions/{court.union['id']}"
    assert told(await court.founder.act("DELETE", elsewhere)) == (404, "suspension-not-found")
    again = well(await court.suspend(10 * DAY))
    await court.pass_time(DAY)
    assert await court.state() == "suspended"
    assert again["id"] != made["id"]


async def test_leaving_and_coming_back_is_no_way_round(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Ladders")
    well(await court.suspend(DAY))
    assert (await court.member.act("DELETE", f"{court.path}/memberships/me")).json()["state"] == "left"
    assert told(await court.member.join(court.union)) == (403, "membership-barred")
    await court.pass_time(DAY)
    assert await court.state() == "left", "the clock brings nobody back who left"
    assert (await court.member.join(court.union)).status_code == 201


async def test_nobody_else_suspends_and_nobody_suspends_the_founder(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Locks")
    outsider = await house.member()
    for by in (court.member, outsider):
        assert told(await court.suspend(by=by)) == (403, "founder-only")
    body = {"member": str(court.founder.id), "ground": GROUND, "lasts_seconds": DAY}
    path = f"{court.path}/suspensions"
    assert told(await court.founder.act("POST", path, body)) == (409, "founder-not-excluded")
    assert told(await court.founder.act("POST", path, body | {"member": str(outsider.id)})) == (
        404,
        "membership-not-found",
    )
    assert told(await court.founder.act("POST", path, body | {"member": "nobody-at-all"})) == (
        404,
        "membership-not-found",
    )
    assert await court.state() == "active"


async def test_who_is_out_is_not_suspended_again_and_no_longer_than_may_be(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Hinges")
    longest = house.settings.suspension_seconds_max
    assert told(await court.suspend(longest + 1)) == (409, "suspension-too-long")
    well(await court.suspend(longest))
    assert told(await court.suspend(DAY)) == (409, "not-excludable")


@pytest.mark.parametrize("body", [{"lasts_seconds": 0}, {"ground": " "}, {"member": "a/b"}, {"more": 1}])
async def test_a_malformed_body_is_refused(house: IdentityHouse, body: dict[str, object]) -> None:
    court = await convened(house, "Guild of Forms")
    whole = {"member": str(court.member.id), "ground": GROUND, "lasts_seconds": DAY} | body
    refused = await court.founder.act("POST", f"{court.path}/suspensions", whole)
    assert refused.status_code == 422
    assert await court.state() == "active"


async def test_a_member_sees_their_own_alone(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Blinds")
    made = well(await court.suspend())
    other = await house.member()
    await other.join(court.union)
    path = f"{court.path}/suspensions"
    assert well(await other.ask("GET", path))["items"] == []
    assert [each["id"] for each in well(await court.founder.ask("GET", path))["items"]] == [made["id"]]
    assert (await house.get(path)).status_code == 401


async def test_a_suspension_races_with_leaving_and_one_of_them_is_first(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Races")
    suspended, left = await asyncio.gather(
        court.suspend(), court.member.act("DELETE", f"{court.path}/memberships/me")
    )
    assert left.status_code == 200
    assert suspended.status_code in (201, 409)
    assert (await court.state(), await court.members_count()) == ("left", 1)


async def test_who_comes_back_to_new_rules_accepts_them_first(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Seasons")
    well(await court.suspend(60 * DAY))
    charter = await court.founder.ask("GET", f"{court.path}/charter")
    parameters = charter.json()["document"]["parameters"]
    changed = {"purpose": "Otherwise.", "parameters": {"acceptance_by_silence": "suspends"}}
    amended = await court.founder.act(
        "PATCH", f"{court.path}/charter", changed, **{"if-match": charter.headers["etag"]}
    )
    assert amended.status_code == 200, amended.text
    again = await court.founder.act(
        "PATCH",
        f"{court.path}/charter",
        {"purpose": "Otherwise again."},
        **{"if-match": amended.headers["etag"]},
    )
    union = well(again)
    await court.pass_time(60 * DAY)
    assert parameters["preset"] == "guild_of_freelancers"
    assert (await court.state(), await court.members_count()) == ("suspended", 1)
    accepted = {"charter_version": union["version"], "charter_hash": union["hash"]}
    well(await court.member.act("PUT", f"{court.path}/memberships/me/acceptance", accepted))
    assert (await court.state(), await court.members_count()) == ("active", 2)
