"""Owners resolve by more than half of all shares, counted for who has them at that moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.services.identity.businesses.firm import TERM, Firm, firm
from tests.services.identity.house import IdentityHouse
from tests.services.identity.offices.officers import told
from tests.services.identity.recovery.lost import notices_of


async def test_a_resolution_passes_when_more_than_half_of_all_shares_approve(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, manager = made.members
    await made.hand_over(owner, second, 30)
    await made.hand_over(owner, third, 20)
    proposed = await made.propose(owner, "appoint", manager)
    assert proposed.status_code == 201, proposed.text
    resolution = proposed.json()
    assert (resolution["state"], resolution["approving_shares"]) == ("open", "50"), (
        "half is not more than half"
    )
    assert await made.holds(manager) == {}
    assert "business.resolution" in await notices_of(house, second.id)
    assert "business.resolution" not in await notices_of(house, owner.id)
    [asked] = (await third.ask("GET", f"{made.path}/resolutions?undecided=true")).json()["items"]
    assert (asked["id"], asked["approved_by_me"]) == (resolution["id"], False)
    approved = (await made.approve(third, resolution)).json()
    assert (approved["state"], approved["approving_shares"]) == ("passed", "70")
    assert await made.holds(manager) == {"audit": (), "spend": ()}
    assert await notices_of(house, manager.id) == ["business.appointed"]
    assert told(await made.approve(second, resolution)) == (409, "resolution-over")
    shown = (await second.ask("GET", f"{made.path}/resolutions/{resolution['id']}")).json()
    assert (shown["state"], shown["approving_shares"], shown["approved_by_me"]) == ("passed", "70", False)


async def test_a_share_that_was_sold_counts_once_for_who_has_it_now(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, manager = made.members
    await made.hand_over(owner, second, 45)
    resolution = (await made.propose(second, "appoint", manager)).json()
    await made.hand_over(second, third, 45)
    counted = (await made.approve(third, resolution)).json()
    assert (counted["state"], counted["approving_shares"]) == ("open", "45"), "not 45 twice"
    await made.hand_over(owner, second, 5)
    assert (await made.approve(second, resolution)).json()["approving_shares"] == "50"
    await made.hand_over(owner, second, 1)
    assert (await made.approve(second, resolution)).json()["state"] == "passed"


async def test_a_resolution_lapses_in_time(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, manager = made.members
    await made.hand_over(owner, second, 50)
    with house.limited(business_resolution_seconds=60):
        resolution = (await made.propose(owner, "appoint", manager)).json()
    house.clock.advance(timedelta(seconds=60))
    for member in (owner, second):
        await member.sign_in()
    assert told(await made.approve(second, resolution)) == (409, "resolution-over")
    shown = (await second.ask("GET", f"{made.path}/resolutions/{resolution['id']}")).json()
    assert shown["state"] == "lapsed"
    assert (await owner.ask("GET", f"{made.path}/resolutions?undecided=true")).json()["items"] == []
    assert await made.holds(third) == {}


async def test_owners_dismiss_a_manager_and_whom_they_hired_goes_too(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, manager, clerk, _ = made.members
    await made.manager(manager)
    assert (await made.hire(manager, clerk, spend=5, audit=None)).status_code == 201
    assert (await made.propose(owner, "dismiss", manager)).json()["state"] == "passed"
    for member in (manager, clerk):
        assert await made.holds(member) == {}
        assert (await made.told(member))[-1] == (2, [])
        assert await made.ended_rights(member) == [2]
    posts = (await owner.ask("GET", f"{made.path}/posts")).json()["items"]
    assert {one["kind"]: one["why"] for one in posts} == {"hire": "from_above", "manager": "dismissed"}
    assert "business.dismissed" in await notices_of(house, clerk.id)


async def test_a_managers_term_is_prolonged_and_whom_they_hired_stays(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, manager, clerk, _ = made.members
    await made.manager(manager)
    assert (await made.hire(manager, clerk, spend=5)).status_code == 201
    [before] = [one for one in await posts_held(made) if one["kind"] == "manager"]
    for term_seconds in (TERM, TERM - 1):
        shorter = await made.propose(owner, "appoint", manager, term_seconds)
        assert told(shorter) == (409, "appointment-refused")
    house.clock.advance(timedelta(seconds=10))
    with house.limited(business_posts_max=2, business_posts_per_member_max=1):
        prolonged = await made.propose(owner, "appoint", manager)
    assert prolonged.json()["state"] == "passed"
    posts = {one["kind"]: one for one in await posts_held(made)}
    assert posts["manager"]["id"] == before["id"]
    later = datetime.fromisoformat(before["until"]) + timedelta(seconds=10)
    assert datetime.fromisoformat(posts["manager"]["until"]) == later
    assert await made.holds(clerk) == {"spend": (5,)}
    assert await made.told(manager) == [(1, ["audit", "spend"]), (2, ["audit", "spend"])]
    assert await made.told(clerk) == [(1, ["spend"])]
    assert await made.ended_rights(manager) == [], "nothing has shrunk"
    house.clock.advance(timedelta(seconds=TERM - 5))
    assert set(await made.holds(manager)) == {"audit", "spend"}
    house.clock.advance(timedelta(seconds=5))
    assert await made.holds(manager) == {}


async def posts_held(made: Firm) -> list[dict[str, Any]]:
    return (await made.owner.ask("GET", f"{made.path}/posts?held=true")).json()["items"]


async def test_owners_close_their_business(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, manager, *_ = made.members
    await made.manager(manager)
    assert (await made.propose(owner, "close")).json()["state"] == "passed"
    assert (await house.get(made.path)).json()["state"] == "closed"
    assert set(await made.holds(owner)) == {"audit"}
    assert set(await made.holds(manager)) == {"audit", "spend"}, "what is left is paid out"
    assert await made.shares() == {str(owner.id): 100}
    state = await house.as_service("ledger", "GET", made.path.replace("/v1/", "/internal/"))
    assert (state.json()["state"], state.json()["version"]) == ("closed", 2)
    assert told(await made.hand_over(owner, manager, 1)) == (409, "business-closed")
    assert (await made.give_up(owner)).status_code == 204, "nothing is left to own"
    assert await made.shares() == {}


async def test_a_closed_business_is_wound_up_by_whom_its_owners_let(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, manager, other, second = made.members
    await made.hand_over(owner, second, 50)
    again = (await made.propose(second, "close")).json()
    for member in (second, owner):
        closing = await made.approve(member, again)
    assert closing.json()["state"] == "passed"
    late = await made.propose(owner, "close")
    assert told(late) == (409, "business-closed")
    asked = (await made.propose(owner, "appoint", manager)).json()
    assert asked["state"] == "open"
    assert told(await made.hire(manager, other, spend=1)) == (409, "business-closed")
    assert (await made.approve(second, asked)).json()["state"] == "passed"
    assert set(await made.holds(manager)) == {"audit", "spend"}
    assert (await manager.ask("GET", made.path)).json()["manages"] is True
    assert told(await made.hire(manager, other, spend=1)) == (409, "business-closed")
    dismissing = (await made.propose(second, "dismiss", manager)).json()
    assert (await made.approve(owner, dismissing)).json()["state"] == "passed"
    assert await made.holds(manager) == {}
    assert (await made.told(manager))[-1] == (2, [])
    assert (await manager.ask("GET", made.path)).json()["manages"] is False
    following = (await made.propose(owner, "appoint", other)).json()
    assert (await made.approve(second, following)).json()["state"] == "passed"
    assert (await made.end_post(other, await made.post_of(other))).status_code == 204
    assert await made.holds(other) == {}


async def test_a_resolution_to_close_that_is_open_ends_with_the_closing(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, *_ = made.members
    await made.hand_over(owner, second, 50)
    first, other = [(await made.propose(owner, "close")).json() for _ in range(2)]
    assert (await made.approve(second, first)).json()["state"] == "passed"
    assert told(await made.approve(second, other)) == (409, "business-closed")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"kind": "close", "member": "me"}, (422, "business-refused")),
        ({"kind": "appoint", "term_seconds": TERM}, (422, "business-refused")),
        ({"kind": "appoint", "member": "me"}, (422, "business-refused")),
        ({"kind": "dismiss", "member": "me", "term_seconds": TERM}, (422, "business-refused")),
        ({"kind": "appoint", "member": "me", "term_seconds": 2**31 - 1}, (422, "business-refused")),
        ({"kind": "appoint", "member": "nobody-here", "term_seconds": TERM}, (404, "member-not-found")),
        ({"kind": "dismiss", "member": "me"}, (404, "post-not-found")),
    ],
)
async def test_refusals_of_what_is_proposed(
    house: IdentityHouse, body: dict[str, object], refusal: tuple[int, str]
) -> None:
    made = await firm(house, 1)
    if body.get("member") == "me":
        body = body | {"member": str(made.owner.id)}
    assert told(await made.owner.act("POST", f"{made.path}/resolutions", body)) == refusal


async def test_refusals_of_who_proposes_and_approves(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, manager, clerk = made.members
    assert told(await made.propose(second, "close")) == (403, "business-right-missing")
    assert told(await made.propose(made.founder, "close")) == (403, "business-right-missing")
    stranger = await house.member()
    assert told(await made.propose(stranger, "close")) == (403, "not-a-member")
    assert told(await made.propose(owner, "appoint", stranger)) == (409, "appointment-refused")
    await made.manager(manager)
    assert told(await made.propose(owner, "appoint", manager)) == (409, "appointment-refused")
    assert told(await made.propose(manager, "close")) == (403, "business-right-missing")
    for limit in ("business_posts_max", "business_posts_per_member_max"):
        with house.limited(**{limit: 0}):
            assert told(await made.propose(owner, "appoint", clerk)) == (409, "business-limit"), limit
    await made.hand_over(owner, second, 50)
    resolution = (await made.propose(owner, "close")).json()
    with house.limited(business_resolutions_open_max=1):
        assert told(await made.propose(owner, "close")) == (409, "business-limit")
    assert told(await made.approve(clerk, resolution)) == (403, "business-right-missing")
    assert told(await made.approve(stranger, resolution)) == (403, "not-a-member")
    assert told(await made.approve(owner, {"id": made.union["id"]})) == (404, "resolution-not-found")
    for path in (f"{made.path}/resolutions", f"{made.path}/resolutions/{resolution['id']}"):
        assert told(await clerk.ask("GET", path)) == (403, "business-right-missing")
    unknown = await owner.ask("GET", f"{made.path}/resolutions/{made.union['id']}")
    assert told(unknown) == (404, "resolution-not-found")
    assert (await manager.ask("GET", f"{made.path}/resolutions")).status_code == 200
