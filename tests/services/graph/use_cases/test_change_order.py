"""Versions of a union are gapless and dense, whoever writes at once; old news changes nothing."""

import asyncio

from services.graph.consumers import graph_consumers
from services.graph.domain.errors import BackingOneself
from services.graph.use_cases.back_leader import back_leader
from services.graph.use_cases.keep_memberships import keep_memberships
from tests.services.graph.house import UNION, GraphHouse, member_id, membership_event, union_event


async def test_writers_at_once_leave_no_gap(house: GraphHouse) -> None:
    pairs = [(number, leader) for number in range(5) for leader in range(5) if number != leader][::2]

    async def back(number: int, leader: int) -> None:
        async with house.unit() as unit:
            await back_leader(unit, await house.membership(unit, number), member_id(leader), 10)

    await asyncio.gather(*(back(*pair) for pair in pairs))
    versions = [
        row["version"] for row in await house.rows("SELECT version FROM graph_changes ORDER BY version")
    ]
    assert versions == list(range(1, 5 + len(pairs) + 1))
    head = await house.rows("SELECT version FROM graph_heads WHERE union_id = $1", UNION)
    assert head[0]["version"] == versions[-1]


async def test_what_is_refused_takes_no_version(house: GraphHouse) -> None:
    async with house.unit() as unit:
        member = await house.membership(unit, 1)
        try:
            await back_leader(unit, member, member_id(1), 10)
        except BackingOneself:
            await unit.rollback()
    await house.back(1, 2)
    versions = [
        row["version"] for row in await house.rows("SELECT version FROM graph_changes ORDER BY version")
    ]
    assert versions == [1, 2, 3, 4, 5, 6]


async def test_an_older_membership_after_a_newer_one_changes_nothing(house: GraphHouse) -> None:
    await house.leave(3, version=5)
    async with house.unit() as unit:
        await keep_memberships(unit, [membership_event(3, version=4)])
    states = await house.rows("SELECT active FROM graph_members WHERE member_id = $1", member_id(3))
    assert [row["active"] for row in states] == [False]
    assert len(await house.rows("SELECT FROM graph_changes WHERE kind = 1")) == 6


async def test_a_membership_that_counts_as_before_is_no_change(house: GraphHouse) -> None:
    async with house.unit() as unit:
        await keep_memberships(unit, [membership_event(3, version=9)])
    assert len(await house.rows("SELECT FROM graph_changes WHERE kind = 1")) == 5


async def test_consumed_memberships_reach_the_engine(house: GraphHouse) -> None:
    view = await house.engine.view(UNION)
    subscribers = graph_consumers(house.engine.wake).subscribers
    async with house.unit() as unit:
        await subscribers["union"].handle(unit, [union_event()])
        await subscribers["membership"].handle(unit, [membership_event(5), membership_event(6)])
    for _ in range(500):
        if view.graph.active_count == 7:
            break
        await asyncio.sleep(0.01)
    assert view.graph.active_count == 7
