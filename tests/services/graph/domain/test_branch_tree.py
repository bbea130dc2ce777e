"""The folded tree of a branch: nobody is lost and nobody is counted twice."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from services.graph.domain.branch_tree import BranchNode, fold_branch
from services.graph.domain.changes import Change
from services.graph.domain.support_graph import SupportGraph, replay
from tests.services.graph.domain.histories import MEMBERS, histories, membership, voice


def everybody(node: BranchNode) -> Iterator[BranchNode]:
    yield node
    for child in node.children:
        yield from everybody(child)


@settings(max_examples=80, deadline=None)
@given(histories(), st.integers(1, 8), st.integers(0, 4))
def test_drawn_and_folded_sum_to_the_headline(
    history: list[Change], nodes_max_count: int, depth_max: int
) -> None:
    graph = replay(history)
    for leader in range(len(graph.members)):
        tree = fold_branch(graph, leader, nodes_max_count, depth_max)
        nodes = list(everybody(tree))
        ids = [node.member_id for node in nodes]
        assert len(ids) == len(set(ids)) <= nodes_max_count
        folded = sum(node.folded_members_count for node in nodes)
        assert len(nodes) - 1 + folded == tree.branch_count == graph.branch_count(leader)
        for node in nodes:
            below = sum(child.branch_count + 1 for child in node.children)
            assert node.branch_count == below + node.folded_members_count
            assert node.folded_members_count >= 0
            assert (node.folded_branches_count > 0) == (node.folded_members_count > 0)


def _union_of(voices: dict[int, int]) -> SupportGraph:
    joined = [membership(place + 1, member) for place, member in enumerate(MEMBERS)]
    given_voices = [
        voice(len(joined) + place, MEMBERS[giver], MEMBERS[leader])
        for place, (giver, leader) in enumerate(voices.items(), start=1)
    ]
    return replay([*joined, *given_voices])


def test_the_strongest_branches_are_open_and_the_rest_counted() -> None:
    graph = _union_of({1: 0, 2: 0, 3: 0, 4: 2, 5: 2, 6: 3})
    tree = fold_branch(graph, 0, nodes_max_count=3, depth_max=1)
    assert [child.member_id for child in tree.children] == [MEMBERS[2], MEMBERS[3]]
    assert tree.folded_branches_count == 1
    assert tree.folded_members_count == 1
    assert tree.children[0].folded_members_count == 2


def test_a_loop_is_cut_at_the_leader() -> None:
    graph = _union_of({0: 1, 1: 2, 2: 0, 3: 1})
    tree = fold_branch(graph, 0, nodes_max_count=10, depth_max=10)
    assert tree.branch_count == 3
    assert [node.member_id for node in everybody(tree)] == [MEMBERS[0], MEMBERS[2], MEMBERS[1], MEMBERS[3]]
