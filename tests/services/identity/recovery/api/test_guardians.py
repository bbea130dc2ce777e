"""Guardians: named after a delay, by a fresh proof of a key; withdrawn by any key until then."""

from datetime import datetime, timedelta

import pytest

from tests.services.identity.house import IdentityHouse
from tests.services.identity.recovery.lost import (
    GUARDIANS,
    Asker,
    circle,
    handle_of,
    notices_of,
    pass_delay,
    sign_in_again,
    told,
)


async def test_guardians_hold_after_the_delay_and_are_told(house: IdentityHouse) -> None:
    member, first, second = [await house.member() for _ in range(3)]
    body = {"guardians": [handle_of(first), str(second.id)], "threshold": 2}
    named = await member.act("PUT", GUARDIANS, body)
    assert named.status_code == 200, named.text
    holds_from = house.clock.now() + timedelta(seconds=house.settings.recovery_delay_seconds)
    assert named.json()["present"] is None
    assert datetime.fromisoformat(named.json()["change"]["holds_from"]) == holds_from
    await pass_delay(house, less_seconds=1)
    await sign_in_again(member)
    assert (await member.ask("GET", GUARDIANS)).json()["present"] is None
    house.clock.advance(timedelta(seconds=1))
    shown = (await member.ask("GET", GUARDIANS)).json()
    assert shown["change"] is None
    assert shown["present"]["threshold"] == 2
    assert {each["handle"] for each in shown["present"]["guardians"]} == {handle_of(first), handle_of(second)}
    await sign_in_again(first)
    [ward] = (await first.ask("GET", "/v1/me/wards")).json()["items"]
    assert (ward["member"]["id"], ward["threshold"]) == (str(member.id), 2)
    assert await notices_of(house, first.id) == ["guardian.named"]
    assert await notices_of(house, member.id) == ["account.guardians_change"]


async def test_a_change_waits_while_those_before_decide_and_any_key_withdraws_it(
    house: IdentityHouse,
) -> None:
    ring = await circle(house)
    before = (await ring.member.ask("GET", GUARDIANS)).json()["present"]
    others = [await house.member() for _ in range(2)]
    body = {"guardians": [handle_of(each) for each in others], "threshold": 2}
    await ring.member.act("PUT", GUARDIANS, body)
    assert (await ring.member.ask("GET", GUARDIANS)).json()["present"] == before
    assert (await ring.member.act("DELETE", f"{GUARDIANS}/change")).status_code == 204
    assert told(await ring.member.act("DELETE", f"{GUARDIANS}/change")) == (404, "no-guardian-change")
    await pass_delay(house)
    await sign_in_again(ring.member, others[0])
    assert (await ring.member.ask("GET", GUARDIANS)).json() == {"present": before, "change": None}
    assert (await others[0].ask("GET", "/v1/me/wards")).json()["items"] == []


async def test_the_newest_change_is_the_one_that_waits(house: IdentityHouse) -> None:
    ring = await circle(house)
    for threshold in (2, 3):
        body = {"guardians": [handle_of(each) for each in ring.guardians], "threshold": threshold}
        await ring.member.act("PUT", GUARDIANS, body)
    await pass_delay(house)
    await sign_in_again(ring.member)
    assert (await ring.member.ask("GET", GUARDIANS)).json()["present"]["threshold"] == 3


async def test_guardians_are_dismissed_after_the_delay(house: IdentityHouse) -> None:
    ring = await circle(house)
    dismissed = await ring.member.act("DELETE", GUARDIANS)
    assert dismissed.status_code == 200
    assert dismissed.json()["change"]["guardians"] == []
    assert dismissed.json()["present"] is not None
    await pass_delay(house)
    await sign_in_again(ring.member, ring.guardians[0])
    assert (await ring.member.ask("GET", GUARDIANS)).json() == {"present": None, "change": None}
    assert (await ring.guardians[0].ask("GET", "/v1/me/wards")).json()["items"] == []


@pytest.mark.parametrize(
    ("count", "threshold", "rule"),
    [
        (1, 1, "at least 2 of them"),
        (3, 1, "at least 2 of them"),
        (2, 3, "at least 2 of them"),
        (13, 2, "at most 12 guardians"),
    ],
)
async def test_too_few_and_too_many_are_refused(
    house: IdentityHouse, count: int, threshold: int, rule: str
) -> None:
    member = await house.member()
    guardians = [handle_of(await house.member()) for _ in range(count)]
    refused = await member.act("PUT", GUARDIANS, {"guardians": guardians, "threshold": threshold})
    assert told(refused) == (422, "guardians-refused")
    assert rule in refused.json()["detail"]
    assert (await member.ask("GET", GUARDIANS)).json() == {"present": None, "change": None}


async def test_nobody_is_their_own_guardian_or_somebodys_twice_or_a_stranger(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    for guardians, problem in (
        ([handle_of(member), handle_of(other)], "guardians-refused"),
        ([handle_of(other), str(other.id)], "guardians-refused"),
        ([handle_of(other), "nobody-here"], "guardian-unknown"),
    ):
        refused = await member.act("PUT", GUARDIANS, {"guardians": guardians, "threshold": 2})
        assert told(refused) == (422, problem)


@pytest.mark.parametrize(
    ("method", "body"), [("PUT", {"guardians": ["a", "b"], "threshold": 2}), ("DELETE", None)]
)
async def test_guardians_change_by_a_fresh_proof_of_a_key_alone(
    house: IdentityHouse, method: str, body: object
) -> None:
    member = await house.member()
    assert (await member.ask(method, GUARDIANS, body)).status_code == 401
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await member.renew_internal_token()
    assert told(await member.act(method, GUARDIANS, body)) == (401, "insufficient-user-authentication")
    assert not await house.rows("SELECT 1 FROM guardian_sets WHERE member_id = $1", member.id)


async def test_pages_of_wards_follow_one_another(house: IdentityHouse) -> None:
    guardian, other = await house.member(), await house.member()
    wards = [await house.member() for _ in range(3)]
    for ward in wards:
        body = {"guardians": [handle_of(guardian), handle_of(other)], "threshold": 2}
        await ward.act("PUT", GUARDIANS, body)
    await pass_delay(house)
    await sign_in_again(guardian)
    first = (await guardian.ask("GET", "/v1/me/wards?limit=2")).json()
    rest = (await guardian.ask("GET", f"/v1/me/wards?limit=2&cursor={first['next_cursor']}")).json()
    ids = [each["member"]["id"] for each in first["items"] + rest["items"]]
    assert ids == sorted(str(ward.id) for ward in wards)
    assert rest["next_cursor"] is None


async def test_a_guardian_resigns_at_once_and_the_ward_is_told(house: IdentityHouse) -> None:
    ring = await circle(house, count=3, threshold=2)
    leaving = ring.guardians[0]
    path = f"/v1/me/wards/{ring.member.id}"
    assert (await leaving.ask("DELETE", path)).status_code == 401
    assert (await leaving.act("DELETE", path)).status_code == 204
    assert told(await leaving.act("DELETE", path)) == (404, "ward-not-found")
    assert (await leaving.ask("GET", "/v1/me/wards")).json()["items"] == []
    shown = (await ring.member.ask("GET", GUARDIANS)).json()["present"]
    assert {each["id"] for each in shown["guardians"]} == {str(each.id) for each in ring.guardians[1:]}
    assert (await notices_of(house, ring.member.id))[-1] == "account.guardian_resigned"


async def test_who_resigned_decides_no_more_and_too_few_bring_nobody_back(house: IdentityHouse) -> None:
    ring = await circle(house, count=3, threshold=2)
    recovery = await Asker(house).begin(handle_of(ring.member))
    for place in (0, 1):
        assert (
            await ring.guardians[place].act("DELETE", f"/v1/me/wards/{ring.member.id}")
        ).status_code == 204
    assert told((await ring.vote(recovery, 0))[0]) == (404, "recovery-not-found")
    assert (await ring.vote(recovery, 2))[0].json() == {"state": "asked"}
    assert told(await Asker(house).ask(handle_of(ring.member))) == (409, "recovery-not-possible")
