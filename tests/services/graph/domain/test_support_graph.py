"""The figures of a graph equal brute force after any history."""

import pytest
from hypothesis import given, settings

from services.graph.domain.changes import Change
from services.graph.domain.standing import standings_of
from services.graph.domain.support_graph import ChangeOutOfOrder, SupportGraph, replay
from tests.services.graph.domain.brute_force import Truth
from tests.services.graph.domain.histories import MEMBERS, backlink, histories, membership, voice


@settings(max_examples=120, deadline=None)
@given(histories())
def test_every_count_equals_brute_force_after_every_change(history: list[Change]) -> None:
    graph = SupportGraph()
    for done, change in enumerate(history, start=1):
        graph.apply(change)
        if done % 7 and done != len(history):
            continue
        truth = Truth(history[:done])
        for member_id, member in graph.number_of.items():
            assert graph.supporters_count(member) == len(truth.supporters(member_id))
            assert graph.branch_count(member) == len(truth.branch(member_id))
            assert graph.reach_count(member) == len(truth.reach(member_id))
        assert graph.backlinks_count == len(truth.backlinks)
        assert graph.voices_count == len(truth.voices)
        assert graph.active_count == len(truth.active)
        assert {graph.members[leader] for leader in graph.leaders()} == {pair[1] for pair in truth.backlinks}


@settings(max_examples=60, deadline=None)
@given(histories())
def test_standing_equals_the_linear_system(history: list[Change]) -> None:
    graph = replay(history)
    standings = standings_of(graph, damping=0.85)
    expected = Truth(history).standings(damping=0.85)
    for member_id, value in expected.items():
        assert standings.values[graph.number_of[member_id]] == pytest.approx(value, abs=1e-9)
    assert standings.values.sum() == pytest.approx(sum(expected.values()), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_the_order_in_which_a_state_is_loaded_does_not_matter(history: list[Change]) -> None:
    replayed = replay(history)
    loaded = SupportGraph()
    newest = {
        (change.kind, change.subject_id, change.object_id if change.kind == 2 else None): change
        for change in history
    }
    for change in sorted(newest.values(), key=lambda change: (-change.kind, change.subject_id.int)):
        loaded.hold(change)
    for member_id in loaded.number_of:
        mine, theirs = loaded.number_of[member_id], replayed.number_of[member_id]
        assert loaded.branch_count(mine) == replayed.branch_count(theirs)
        assert loaded.reach_count(mine) == replayed.reach_count(theirs)


def test_a_change_out_of_order_is_refused() -> None:
    graph = replay([membership(1, MEMBERS[0])])
    with pytest.raises(ChangeOutOfOrder):
        graph.apply(membership(3, MEMBERS[1]))
    with pytest.raises(ChangeOutOfOrder):
        graph.apply(membership(1, MEMBERS[1]))
    assert graph.version == 1


def test_a_loop_counts_each_of_its_members_once() -> None:
    joined = [membership(place + 1, member) for place, member in enumerate(MEMBERS[:4])]
    first, second, third, follower = MEMBERS[:4]
    graph = replay([*joined, voice(5, first, second), voice(6, second, third), voice(7, follower, first)])
    assert [graph.branch_count(place) for place in range(4)] == [1, 2, 3, 0]
    graph.apply(voice(8, third, first))
    assert [graph.branch_count(place) for place in range(4)] == [3, 3, 3, 0]
    assert len(graph.voices.loop_above(3)) == 3
    graph.apply(voice(9, second, None))
    assert [graph.branch_count(place) for place in range(4)] == [2, 3, 0, 0]
    assert graph.voices.loop_above(3) == []


def test_support_of_a_member_who_left_rests_until_they_return() -> None:
    supporter, leader = MEMBERS[:2]
    graph = replay([membership(1, supporter), membership(2, leader), backlink(3, supporter, leader)])
    graph.apply(membership(4, supporter, active=False))
    assert graph.supporters_count(graph.number_of[leader]) == 0
    graph.apply(membership(5, supporter))
    assert graph.supporters_count(graph.number_of[leader]) == 1


def test_support_withdrawn_while_it_rests_does_not_return() -> None:
    supporter, leader = MEMBERS[:2]
    graph = replay([membership(1, supporter), membership(2, leader), backlink(3, supporter, leader)])
    graph.apply(membership(4, leader, active=False))
    graph.apply(backlink(5, supporter, leader, holds=False))
    graph.apply(membership(6, leader))
    assert graph.supporters_count(graph.number_of[leader]) == 0
