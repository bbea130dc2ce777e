"""Managers hire and dismiss; nobody holds longer or more than who gave it; who is out holds nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from chassis.timers import Timer
from services.identity.businesses.use_cases.follow_membership import follow_later, follow_now
from services.identity.store.memberships import membership_of
from tests.services.identity.businesses.firm import TERM, Firm, firm
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import told
from tests.services.identity.recovery.lost import notices_of


async def _staffed(house: IdentityHouse) -> tuple[Firm, Member, Member, Member]:
    made = await firm(house)
    owner, manager, clerk, _ = made.members
    await made.manager(manager)
    hired = await made.hire(manager, clerk, spend=500, audit=None)
    assert hired.status_code == 201, hired.text
    return made, owner, manager, clerk


async def test_a_manager_hires_with_a_limit_and_for_no_longer_than_they_manage(house: IdentityHouse) -> None:
    made = await firm(house)
    _, manager, clerk, other = made.members
    await made.manager(manager)
    post = (await made.hire(manager, clerk, TERM * 2, spend=500, audit=None)).json()
    [managing] = [
        one for one in (await house.get(f"{made.path}/posts")).json()["items"] if one["kind"] == "manager"
    ]
    assert post["until"] == managing["until"]
    assert [(one["right"], one["limit"] and one["limit"]["minor"]) for one in post["rights"]] == [
        ("audit", None),
        ("spend", "500"),
    ]
    assert await made.holds(clerk) == {"audit": (), "spend": (500,)}
    assert await made.told(clerk) == [(1, ["audit", "spend"])]
    assert await notices_of(house, clerk.id) == ["business.appointed"]
    assert managing["member"] is None
    seen = (await clerk.ask("GET", made.path)).json()
    assert (seen["my_rights"], seen["manages"], seen["my_shares"]) == (["audit", "spend"], False, "0")
    assert (await manager.ask("GET", made.path)).json()["manages"] is True
    assert (await made.hire(manager, other, spend=1)).status_code == 201
    house.clock.advance(timedelta(seconds=TERM))
    for member in (manager, clerk, other):
        assert await made.holds(member) == {}
    assert (await house.get(f"{made.path}/posts", held="true")).json()["items"] == []


async def test_refusals_of_hiring_and_of_ending_posts(house: IdentityHouse) -> None:
    made, owner, manager, clerk = await _staffed(house)
    other = made.members[3]
    assert told(await made.hire(owner, other, spend=1)) == (403, "business-right-missing")
    assert told(await made.hire(made.founder, other, spend=1)) == (403, "business-right-missing")
    assert told(await made.hire(clerk, other, spend=1)) == (403, "business-right-missing")
    assert told(await made.hire(manager, other, spend=None)) == (422, "business-refused")
    assert told(await made.hire(manager, other, audit=1)) == (422, "business-refused")
    assert told(await made.hire(manager, other, spend=0)) == (422, "business-refused")
    assert told(await made.hire(manager, other, 2**31 - 1, spend=1)) == (422, "business-refused")
    assert (await made.hire(manager, other)).status_code == 422
    assert told(await made.hire(manager, clerk, spend=1)) == (409, "appointment-refused")
    stranger = await house.member()
    assert told(await made.hire(manager, stranger, spend=1)) == (409, "appointment-refused")
    assert told(await made.hire(stranger, other, spend=1)) == (403, "not-a-member")
    twice = {"member": str(other.id), "rights": [{"right": "audit"}] * 2, "term_seconds": TERM}
    assert told(await manager.act("POST", f"{made.path}/hires", twice)) == (422, "business-refused")
    foreign = [{"right": "spend", "limit": {"asset": "XYZ", "minor": "1"}}]
    asset = {"member": str(other.id), "rights": foreign, "term_seconds": TERM}
    assert told(await manager.act("POST", f"{made.path}/hires", asset)) == (422, "business-refused")
    nobody = {"member": "nobody-here", "rights": [{"right": "audit"}], "term_seconds": TERM}
    assert told(await manager.act("POST", f"{made.path}/hires", nobody)) == (404, "member-not-found")
    for limit in ("business_posts_max", "business_posts_per_member_max"):
        with house.limited(**{limit: 0}):
            assert told(await made.hire(manager, other, spend=1)) == (409, "business-limit"), limit
    post, managing = await made.post_of(clerk), await made.post_of(manager)
    for member in (owner, other, made.founder):
        assert told(await made.end_post(member, post)) == (403, "business-right-missing")
    assert told(await made.end_post(clerk, managing)) == (403, "business-right-missing")
    assert told(await made.end_post(owner, managing)) == (403, "business-right-missing")
    assert told(await made.end_post(manager, made.union["id"])) == (404, "post-not-found")


@pytest.mark.parametrize("how", ["dismissed", "resigned", "above resigned", "left", "above left"])
async def test_a_post_ends_at_once_with_all_that_rests_on_it(house: IdentityHouse, how: str) -> None:
    made, owner, manager, clerk = await _staffed(house)
    match how:
        case "dismissed":
            response = await made.end_post(manager, await made.post_of(clerk))
        case "resigned":
            response = await made.end_post(clerk, await made.post_of(clerk))
        case "above resigned":
            response = await made.end_post(manager, await made.post_of(manager))
        case "left":
            response = await clerk.act("DELETE", f"{made.union_path}/memberships/me")
        case _:
            response = await manager.act("DELETE", f"{made.union_path}/memberships/me")
    assert response.status_code in {200, 204}, response.text
    assert await made.holds(clerk) == {}
    assert (await made.told(clerk))[-1] == (2, [])
    assert await made.ended_rights(clerk) == [2]
    posts = (await owner.ask("GET", f"{made.path}/posts")).json()["items"]
    whys = {one["kind"]: one["why"] for one in posts}
    assert whys["hire"] == ("from_above" if how.startswith("above") else how)
    if how.startswith("above"):
        assert whys["manager"] == how.removeprefix("above ")
        assert await made.holds(manager) == {}
        assert "business.dismissed" in await notices_of(house, clerk.id)
    if how == "left":
        assert (await clerk.join(made.union)).status_code == 201
        assert await made.holds(clerk) == {}


async def test_a_suspended_manager_and_their_hires_rest_and_come_back(house: IdentityHouse) -> None:
    made, _, manager, clerk = await _staffed(house)
    body = {"member": str(manager.id), "ground": "For a test.", "lasts_seconds": 1_000}
    suspended = await made.founder.act("POST", f"{made.union_path}/suspensions", body)
    assert suspended.status_code == 201, suspended.text
    assert await made.holds(manager) == await made.holds(clerk) == {}
    assert await made.ended_rights(clerk) == [2]
    path = f"{made.union_path}/suspensions/{suspended.json()['id']}"
    assert (await made.founder.act("DELETE", path)).status_code == 200
    assert await made.holds(clerk) == {"audit": (), "spend": (500,)}
    assert (await made.told(clerk))[-1] == (3, ["audit", "spend"])


async def test_an_owner_who_left_keeps_their_shares_and_no_right(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, _ = made.members
    await made.hand_over(owner, second, 40)
    assert (await second.act("DELETE", f"{made.union_path}/memberships/me")).status_code == 200
    assert await made.holds(second) == {}
    assert await made.ended_rights(second) == [2]
    assert await made.shares() == {str(owner.id): 60, str(second.id): 40}
    assert told(await made.propose(second, "close")) == (403, "not-a-member")
    assert (await second.ask("GET", f"{made.path}/share-transfers")).status_code == 200
    assert told(await made.hand_over(owner, second, 1)) == (409, "shares-refused")
    assert (await made.hand_over(second, third, 10)).status_code == 201
    assert (await second.join(made.union)).status_code == 201
    timers = await house.rows("SELECT key FROM timers WHERE kind = 'follow_in_businesses'")
    assert f"{made.union['id']}:{second.id}" in {row["key"] for row in timers}
    await _follow(house, made, second)
    assert await made.holds(second) == {"audit": ()}
    assert (await made.told(second))[-1] == (3, ["audit"])
    assert (await second.act("DELETE", f"{made.union_path}/memberships/me")).status_code == 200
    assert (await made.give_up(second)).status_code == 204
    assert sum((await made.shares()).values()) == 100


async def _follow(house: IdentityHouse, made: Firm, member: Member) -> None:
    """As the timer does."""
    now = house.clock.now()
    timer = Timer("follow_in_businesses", f"{made.union['id']}:{member.id}", now, {})
    async with house.unit() as unit:
        await follow_now(house.settings, unit, timer)


async def test_many_who_are_out_at_once_are_followed_one_by_one(house: IdentityHouse) -> None:
    made, _, manager, clerk = await _staffed(house)
    await house.rows(
        "UPDATE memberships SET state = 'suspended', version = version + 1 "
        "WHERE union_id = $1 AND member_id = $2",
        UUID(made.union["id"]),
        manager.id,
    )
    async with house.unit() as unit:
        membership = await membership_of(unit, UUID(made.union["id"]), manager.id)
        assert membership is not None
        await follow_later(unit, [membership])
    assert (await made.told(clerk))[-1] == (1, ["audit", "spend"])
    await _follow(house, made, manager)
    assert (await made.told(clerk))[-1] == (2, [])
    assert await made.ended_rights(clerk) == await made.ended_rights(manager) == [2]


async def test_ones_own_businesses_are_those_of_ones_shares_and_posts_page_by_page(
    house: IdentityHouse,
) -> None:
    made, owner, _, clerk = await _staffed(house)
    await made.found(owner, "A Mill")
    own = (await made.found(clerk, "A Kiosk")).json()["id"]
    mine = f"{made.union_path}/businesses?mine=true"
    both = sorted([made.business["id"], own])
    assert [one["id"] for one in (await clerk.ask("GET", mine)).json()["items"]] == both
    first = (await clerk.ask("GET", f"{mine}&limit=1")).json()
    rest = (await clerk.ask("GET", f"{mine}&limit=1&cursor={first['next_cursor']}")).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == both
    assert rest["next_cursor"] is None
    assert (await made.end_post(clerk, await made.post_of(clerk))).status_code == 204
    assert [one["id"] for one in (await clerk.ask("GET", mine)).json()["items"]] == [own]
    assert (await house.get(f"{made.union_path}/businesses", mine="true")).json()["items"] == []
    assert len((await house.get(f"{made.union_path}/businesses")).json()["items"]) == 3
