"""Standing: what fakes can gain is bounded, dangling support returns, every figure is explained."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.graph.domain.changes import Change
from services.graph.domain.standing import Flow, explain_standing, personalised_pagerank, standings_of
from services.graph.domain.support_graph import replay
from tests.services.graph.domain.histories import MEMBERS, backlink, histories, membership

DAMPING = 0.85
Pairs = list[tuple[int, int]]


def rank(members_count: int, backlinks: Pairs, roots: list[int]) -> list[float]:
    supporters = np.array([pair[0] for pair in backlinks], dtype=np.int32)
    leaders = np.array([pair[1] for pair in backlinks], dtype=np.int32)
    return list(personalised_pagerank(members_count, (supporters, leaders), roots, DAMPING).values)


def test_support_that_ends_returns_to_the_roots() -> None:
    root, leader = rank(2, [(0, 1)], roots=[0])
    assert root == pytest.approx(1 / (1 + DAMPING))
    assert leader == pytest.approx(DAMPING / (1 + DAMPING))


def test_without_a_root_nobody_has_standing() -> None:
    assert rank(3, [(0, 1), (1, 2)], roots=[]) == [0.0, 0.0, 0.0]


def test_a_group_that_no_root_reaches_has_none() -> None:
    assert rank(4, [(0, 1), (2, 3), (3, 2)], roots=[0])[2:] == [0.0, 0.0]


@pytest.mark.parametrize("shape", ["chain", "star", "clique", "cycle"])
@pytest.mark.parametrize("fakes_count", [1, 10, 200])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_fakes_gain_at_most_the_stated_bound(data: st.DataObject, shape: str, fakes_count: int) -> None:
    real = 8
    pairs = st.tuples(st.integers(0, real - 1), st.integers(0, real - 1)).filter(
        lambda pair: pair[0] != pair[1]
    )
    honest = sorted(data.draw(st.sets(pairs, min_size=5, max_size=20)))
    bridges = sorted(data.draw(st.sets(st.integers(0, real - 1), min_size=1, max_size=3)))
    fakes = list(range(real, real + fakes_count))
    inside = _fakes_among_themselves(fakes, shape)
    crossing = [(supporter, fakes[0]) for supporter in bridges]
    standings = rank(real + fakes_count, [*honest, *crossing, *inside], roots=[0])
    backed = [pair[0] for pair in [*honest, *crossing]]
    flow = sum(standings[supporter] / backed.count(supporter) for supporter, _ in crossing)
    assert sum(standings[real:]) <= DAMPING / (1 - DAMPING) * flow + 1e-9


def _fakes_among_themselves(fakes: list[int], shape: str) -> Pairs:
    match shape:
        case "chain":
            return list(pairwise(fakes))
        case "star":
            return [(fake, fakes[0]) for fake in fakes[1:]] + [(fakes[0], fake) for fake in fakes[1:]]
        case "clique":
            few = fakes[:30]
            return [(one, other) for one in few for other in few if one != other]
        case _:
            return [
                (fake, fakes[(place + 1) % len(fakes)]) for place, fake in enumerate(fakes) if len(fakes) > 1
            ]


@settings(max_examples=40, deadline=None)
@given(histories())
def test_the_parts_of_an_explanation_sum_to_the_standing(history: list[Change]) -> None:
    graph = replay(history)
    standings = standings_of(graph, DAMPING)
    for member in range(len(graph.members)):
        flows = [
            Flow(supporter, float(standings.values[supporter]), len(graph.leaders_of[supporter]))
            for supporter in graph.supporters_of[member]
        ]
        explanation = explain_standing(
            float(standings.values[member]),
            is_root=member in graph.roots,
            roots_count=len(graph.roots),
            dangling=standings.dangling,
            damping=DAMPING,
            flows=flows,
        )
        assert explanation.explained() == pytest.approx(explanation.standing, abs=1e-9)
        shares = [flow.share(DAMPING) for flow in explanation.flows]
        assert shares == sorted(shares, reverse=True)


def test_the_same_graph_in_another_order_has_the_same_standings() -> None:
    founder, leader, other = MEMBERS[:3]
    one = replay(
        [
            membership(1, founder, root=True),
            membership(2, leader),
            membership(3, other),
            backlink(4, founder, leader),
        ]
    )
    two = replay(
        [
            membership(1, other),
            membership(2, leader),
            membership(3, founder, root=True),
            backlink(4, founder, leader),
        ]
    )
    first, second = standings_of(one, DAMPING).values, standings_of(two, DAMPING).values
    for member in (founder, leader, other):
        assert first[one.number_of[member]] == pytest.approx(second[two.number_of[member]], abs=1e-12)
