"""What happens at the same time in one business happens one after the other."""

import asyncio

from tests.services.identity.businesses.firm import firm
from tests.services.identity.house import IdentityHouse


async def test_the_same_shares_go_to_one_of_two(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, _ = made.members
    answers = await asyncio.gather(made.hand_over(owner, second, 60), made.hand_over(owner, third, 60))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert sorted((await made.shares()).values()) == [40, 60]


async def test_two_owners_approve_at_once_and_it_passes_once(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, manager = made.members
    for member in (second, third):
        assert (await made.hand_over(owner, member, 30)).status_code == 201
    resolution = (await made.propose(owner, "appoint", manager)).json()
    answers = await asyncio.gather(made.approve(second, resolution), made.approve(third, resolution))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    posts = (await owner.ask("GET", f"{made.path}/posts")).json()["items"]
    assert [one["kind"] for one in posts] == ["manager"]


async def test_who_is_hired_while_they_or_their_manager_leave_holds_nothing(house: IdentityHouse) -> None:
    made = await firm(house)
    _, manager, clerk, other = made.members
    await made.manager(manager)
    leave = f"{made.union_path}/memberships/me"
    hired, left, gone = await asyncio.gather(
        made.hire(manager, clerk, spend=5), clerk.act("DELETE", leave), manager.act("DELETE", leave)
    )
    assert (left.status_code, gone.status_code) == (200, 200), (left.text, gone.text)
    assert hired.status_code in {201, 403, 409}
    for member in (manager, clerk, other):
        assert await made.holds(member) == {}
        assert [rights for _, rights in await made.told(member)][-1:] in ([], [[]])
