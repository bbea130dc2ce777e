"""Vouches, prerequisite unions, and rules that combine ways in; who brought whom."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.services.identity.admission.api.test_applications import (
    SECOND,
    applied,
    founded,
    path_of,
    state_in,
)
from tests.services.identity.admission.people import sign_in_again, told
from tests.services.identity.house import IdentityHouse, Member


async def with_members(
    house: IdentityHouse, founder: Member, name: str, rule: str, count: int = 2
) -> tuple[dict[str, Any], list[Member]]:
    """A union whose members came by invitation."""
    union = await founded(founder, name, rule=f"invitation or ({rule})")
    invitation = (await founder.act("POST", path_of(union, "invitations"), {"uses_max": count})).json()
    members = [await house.member() for _ in range(count)]
    for one in members:
        house.clock.advance(SECOND)
        assert (await one.join(union, invitation["code"])).status_code == 201
    return union, members


async def vouched(voucher: Member, union: Mapping[str, Any], member: Member) -> dict[str, Any]:
    """A second later than what was before."""
    voucher.house.clock.advance(SECOND)
    answer = await voucher.act("PUT", path_of(union, "vouches", str(member.id)))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_enough_members_who_vouch_let_somebody_in_and_it_is_shown(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union, (one, other) = await with_members(house, founder, "Vouching", "vouching:2")
    refused = await worker.join(union)
    assert (told(refused), refused.json()["unmet"]) == ((403, "admission-unmet"), "invitation, vouching:2")
    for _ in range(2):
        assert await vouched(one, union, worker) == {"has_joined": False}
    assert told(await worker.join(union)) == (403, "admission-unmet")
    await vouched(other, union, worker)
    assert (await worker.join(union)).status_code == 201
    shown = (await founder.ask("GET", path_of(union, "vouches", str(worker.id)))).json()["items"]
    assert [row["member"]["id"] for row in shown] == [str(one.id), str(other.id)]
    assert all(row["joined_at"] and row["state"] == "active" for row in shown)
    [mine] = (await one.ask("GET", path_of(union, "vouches"))).json()["items"]
    assert (mine["member"]["id"], mine["state"]) == (str(worker.id), "active")
    told_of = await house.rows("SELECT kind FROM notices WHERE member_id = $1", worker.id)
    assert "vouch.given" in [row["kind"] for row in told_of]


async def test_an_application_waits_for_its_vouches_and_the_last_one_begins_the_membership(
    house: IdentityHouse,
) -> None:
    founder, worker = await house.member(), await house.member()
    union, (one, other) = await with_members(house, founder, "Both", "application and vouching:2")
    path = await applied(worker, union)
    await vouched(one, union, worker)
    admitted = (await founder.act("PUT", f"{path}/admission")).json()
    assert (admitted["state"], admitted["joined_at"]) == ("admitted", None)
    assert await vouched(other, union, worker) == {"has_joined": True}
    assert await state_in(worker, union) == "active"
    joinings = (await founder.ask("GET", path_of(union, "joinings"))).json()["items"]
    assert [row["is_founder"] for row in joinings] == [True, False, False, False]
    assert [row["invited_by"] and row["invited_by"]["id"] for row in joinings] == [
        None,
        str(founder.id),
        str(founder.id),
        None,
    ]
    assert (joinings[3]["has_applied"], joinings[3]["vouches_count"]) == (True, 2)
    page = (await founder.ask("GET", path_of(union, "joinings?limit=3"))).json()
    rest = await founder.ask("GET", path_of(union, f"joinings?limit=3&cursor={page['next_cursor']}"))
    assert page["items"] + rest.json()["items"] == joinings


async def test_the_last_two_vouches_at_once_begin_one_membership(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union, members = await with_members(house, founder, "Raced", "application and vouching:2", count=4)
    path = await applied(worker, union)
    await founder.act("PUT", f"{path}/admission")
    await asyncio.gather(*(one.act("PUT", path_of(union, "vouches", str(worker.id))) for one in members))
    assert await state_in(worker, union) == "active"
    present = (await house.get(path_of(union))).json()
    assert present["members_count"] == 6


async def test_a_vouch_counts_as_long_as_it_stands_and_its_member_is_active(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union, (one, other) = await with_members(house, founder, "Standing", "vouching:1")
    await vouched(one, union, worker)
    path = path_of(union, "vouches", str(worker.id))
    assert (await one.act("DELETE", path)).status_code == 204
    assert told(await one.act("DELETE", path)) == (404, "vouch-not-found")
    assert told(await worker.join(union)) == (403, "admission-unmet")
    await vouched(other, union, worker)
    await other.act("DELETE", path_of(union, "memberships/me"))
    assert told(await worker.join(union)) == (403, "admission-unmet")
    await vouched(one, union, worker)
    house.clock.advance(timedelta(seconds=house.settings.vouch_seconds))
    await sign_in_again(one, worker)
    assert told(await worker.join(union)) == (403, "admission-unmet")
    await vouched(one, union, worker)
    assert (await worker.join(union)).status_code == 201
    assert told(await one.act("DELETE", path)) == (404, "vouch-not-found")
    await worker.act("DELETE", path_of(union, "memberships/me"))
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_one_member_vouches_for_so_many_also_at_once(house: IdentityHouse) -> None:
    founder = await house.member()
    union, (one, _) = await with_members(house, founder, "Limited", "vouching:1")
    most = house.settings.open_vouches_per_member_max
    people = [await house.member() for _ in range(most + 2)]
    answers = await asyncio.gather(
        *(one.act("PUT", path_of(union, "vouches", str(person.id))) for person in people)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * most + [409] * 2
    assert {told(answer) for answer in answers if answer.status_code == 409} == {(409, "vouch-limit")}


async def test_who_may_vouch_and_for_whom(house: IdentityHouse) -> None:
    founder, worker, stranger = [await house.member() for _ in range(3)]
    union, (one, other) = await with_members(house, founder, "Who Vouches", "vouching:1")
    path = path_of(union, "vouches", str(worker.id))
    assert told(await stranger.act("PUT", path)) == (403, "not-a-member")
    assert told(await one.ask("PUT", path)) == (401, "act-unsigned")
    assert told(await one.act("PUT", path_of(union, "vouches", str(one.id)))) == (409, "vouch-refused")
    assert told(await one.act("PUT", path_of(union, "vouches", str(other.id)))) == (409, "vouch-refused")
    assert told(await one.act("PUT", path_of(union, "vouches/nobody-here"))) == (404, "member-not-found")
    assert told(await stranger.ask("GET", path)) == (403, "not-a-member")
    assert (await worker.ask("GET", path)).json()["items"] == []
    unasked = await founded(founder, "Unasked", rule="open")
    assert told(await founder.act("PUT", path_of(unasked, "vouches", str(worker.id)))) == (
        409,
        "vouch-refused",
    )


async def test_members_of_another_union_come_in_by_that(house: IdentityHouse) -> None:
    founder, worker, stranger = [await house.member() for _ in range(3)]
    school = await founder.found("School")
    guild = await founded(founder, "Guild After", rule=f"union:{school['slug']}")
    await worker.join(school)
    assert (await worker.join(guild)).status_code == 201
    refused = await stranger.join(guild)
    assert (told(refused), refused.json()["unmet"]) == ((403, "admission-unmet"), f"union:{school['slug']}")
    await worker.act("DELETE", path_of(guild, "memberships/me"))
    await worker.act("DELETE", path_of(school, "memberships/me"))
    assert told(await worker.join(guild)) == (403, "admission-unmet")


async def test_an_invitation_that_the_rule_does_not_ask_for_is_no_way_in(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Application Alone")
    code = (await founder.act("POST", path_of(union, "invitations"), {})).json()["code"]
    assert told(await worker.join(union, code)) == (403, "admission-unmet")
    both = await founded(founder, "Both Needed", rule="invitation and application")
    code = (await founder.act("POST", path_of(both, "invitations"), {})).json()["code"]
    path = await applied(worker, both)
    admitted = (await founder.act("PUT", f"{path}/admission")).json()
    assert (admitted["state"], admitted["joined_at"]) == ("admitted", None)
    assert (await worker.join(both, code)).status_code == 201
