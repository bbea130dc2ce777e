"""A picture of voice trees: everybody drawn once, nobody on another, the counts that fit."""

import itertools
import math
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from services.graph.domain.branch_tree import BranchNode, fold_branch, strongest_heads
from services.graph.domain.changes import Change
from services.graph.domain.support_graph import replay
from services.graph.domain.tree_picture import SVG, draw_trees
from tests.services.graph.domain.histories import histories

UNION = UUID(int=7)
VISIBLE_PX = 0.5


def _branch(counts: tuple[int, ...], folded: int = 0) -> BranchNode:
    """A leader with one branch of each size, all of whose members are drawn below their first."""
    children = tuple(
        BranchNode(UUID(int=n), count, 0, tuple(_branch(()) for _ in range(count)), 0, 0)
        for n, count in enumerate(counts)
    )
    return BranchNode(UUID(int=99), sum(counts) + len(counts) + folded, 0, children, 0, folded)


def _drawn(trees: list[BranchNode]) -> tuple[ElementTree.Element, list[tuple[float, float, float]]]:
    svg = ElementTree.fromstring(draw_trees(UNION, trees, "Voices"))
    circles = [
        (float(circle.get("cx", "")), float(circle.get("cy", "")), float(circle.get("r", "")))
        for circle in svg.findall(f".//{{{SVG}}}circle")
    ]
    return svg, circles


@pytest.mark.parametrize(
    "trees",
    [
        [_branch(())],
        [_branch((1, 2, 3))],
        [_branch((40, 1, 1)), _branch((3,)), _branch(())],
        [_branch(tuple([5] * 30))] * 3,
    ],
)
def test_no_dot_covers_another_and_all_are_inside(trees: list[BranchNode]) -> None:
    svg, circles = _drawn(trees)
    for (x1, y1, r1), (x2, y2, r2) in itertools.combinations(circles, 2):
        assert math.hypot(x1 - x2, y1 - y2) > max(r1, r2) + VISIBLE_PX
    left, top, width, height = map(float, svg.get("viewBox", "").split())
    for x, y, r in circles:
        assert left <= x - r and x + r <= left + width and top <= y - r and y + r <= top + height


def test_a_large_branch_says_how_many_speak_through_it() -> None:
    svg, circles = _drawn([_branch((20,), folded=1_000)])
    assert [text.text for text in svg.findall(f".//{{{SVG}}}text")] == ["1021", "20"]
    assert len(circles) == 22


@settings(max_examples=60, deadline=None)
@given(histories())
def test_heads_and_their_branches_are_everybody_who_gave_or_holds_a_voice(history: list[Change]) -> None:
    graph = replay(history)
    by_size = sorted(range(len(graph.members)), key=graph.branch_count, reverse=True)
    heads = strongest_heads(graph, by_size, len(by_size))
    spoken_of = sum(graph.branch_count(head) + 1 for head in heads)
    touched = {m for m in range(len(graph.members)) if graph.voices.speaker_of[m] >= 0}
    touched |= {graph.voices.speaker_of[m] for m in touched}
    assert spoken_of == len(touched)
    _, circles = _drawn([fold_branch(graph, head, 1_000, 50) for head in heads])
    assert len(circles) == len(touched) + (0 if len(heads) == 1 else 1)
