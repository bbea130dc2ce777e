"""The engine: what it holds equals the tables, whichever way it came by it; standing is published once."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.clock import ManualClock
from services.graph.domain.changes import Change
from services.graph.domain.support_graph import SupportGraph, replay
from services.graph.engine.engine import GraphEngine
from services.graph.store.change_log import read_changes
from services.graph.store.snapshots import load_graph
from services.graph.use_cases.back_leader import back_leader
from services.graph.use_cases.give_voice import give_voice
from services.graph.use_cases.take_back_voice import take_back_voice
from services.graph.use_cases.withdraw_backlink import withdraw_backlink
from tests.services.graph.house import UNION, GraphHouse, member_id, running_graph
from tests.support.postgres import ServiceDatabase

Figures = dict[int, tuple[int, int, int]]


def figures(graph: SupportGraph) -> Figures:
    return {
        member_id.int: (
            graph.supporters_count(number),
            graph.branch_count(number),
            graph.reach_count(number),
        )
        for member_id, number in graph.number_of.items()
    }


async def live_a_while(house: GraphHouse, seed: int, steps_count: int) -> None:
    """Random acts of the union's members, each in a transaction of its own."""
    chance = random.Random(seed)
    for _ in range(steps_count):
        number, leader = chance.sample(range(5), 2)
        async with house.unit() as unit:
            member = await house.membership(unit, number)
            held = await house.rows(
                "SELECT leader_id FROM backlinks WHERE supporter_id = $1", member.member_id
            )
            backed = [row["leader_id"] for row in held]
            match chance.randrange(6):
                case 0 if backed:
                    await withdraw_backlink(unit, member, chance.choice(backed))
                case 1:
                    await take_back_voice(unit, member)
                case 2 | 3 if backed:
                    await give_voice(unit, member, chance.choice(backed))
                case _:
                    if len(backed) < 3:
                        await back_leader(unit, member, member_id(leader), 3)


@pytest.mark.parametrize("seed", [1, 2])
async def test_tailed_loaded_and_replayed_graphs_are_the_same(house: GraphHouse, seed: int) -> None:
    view = await house.engine.view(UNION)
    await live_a_while(house, seed, steps_count=40)
    await house.leave(4)
    await live_a_while(house, seed + 10, steps_count=0)
    await house.engine.catch_up()
    pool = house.chassis.database.hot_reads()
    changes: list[Change] = await read_changes(pool, UNION, 0, 10_000)
    loaded = await load_graph(pool, UNION)
    assert [change.version for change in changes] == list(range(1, len(changes) + 1))
    assert view.version == loaded.version == changes[-1].version
    assert figures(view.graph) == figures(loaded) == figures(replay(changes))


async def test_two_processes_at_one_version_show_one_published_standing(house: GraphHouse) -> None:
    await house.back(1, 2)
    await house.back(0, 1)
    other = GraphEngine(house.chassis.database, house.chassis.unit, house.clock, house.settings)
    mine, theirs = await house.engine.view(UNION), await other.view(UNION)
    house.clock.advance(timedelta(seconds=5))
    await house.engine.round()
    await other.round()
    assert mine.epoch == theirs.epoch
    assert mine.standing_of == theirs.standing_of
    assert mine.version == theirs.version


async def test_standing_is_published_at_most_once_in_its_interval(house: GraphHouse) -> None:
    view = await house.engine.view(UNION)
    first = view.epoch
    await house.back(1, 2)
    await house.engine.round()
    assert view.epoch == first
    house.clock.advance(timedelta(seconds=2))
    await house.engine.round()
    assert view.epoch is not None and view.epoch.version == view.version
    house.clock.advance(timedelta(seconds=60))
    known = view.epoch
    await house.engine.round()
    assert view.epoch == known, "nothing changed, nothing is published"


async def test_old_epochs_are_dropped(house: GraphHouse) -> None:
    await house.engine.view(UNION)
    for number in range(12):
        await (house.back(1, 2) if number % 2 == 0 else house.act("DELETE", f"/backlinks/{member_id(2)}"))
        house.clock.advance(timedelta(seconds=2))
        await house.engine.round()
    kept = [row["epoch"] for row in await house.rows("SELECT epoch FROM standing_epochs ORDER BY epoch")]
    assert kept == list(range(kept[-1] - 7, kept[-1] + 1))
    assert {row["epoch"] for row in await house.rows("SELECT epoch FROM standing_chunks")} == set(kept)


async def test_the_least_recently_read_union_is_put_out(
    empty_graph: tuple[ServiceDatabase, ServiceDatabase], clock: ManualClock, tmp_path: Path
) -> None:
    async with running_graph(*empty_graph, tmp_path, clock, engine_unions_max_count=1) as house:
        await house.join(3)
        first = await house.engine.view(UNION)
        assert await house.engine.view(UNION) is first
        await house.engine.view(member_id(7))
        assert await house.engine.view(UNION) is not first


async def test_a_gap_in_what_was_read_is_answered_by_loading_anew(house: GraphHouse) -> None:
    view = await house.engine.view(UNION)
    view.graph.version -= 1
    await house.engine.catch_up()
    assert view.version == 5
    assert view.graph.active_count == 5
