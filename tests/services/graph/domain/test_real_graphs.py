"""Real who-follows-whom data, read where GUILDHALL_DATA names the folder of it."""

import gzip
import os
import random
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from services.graph.domain.changes import Change, ChangeKind
from services.graph.domain.leaders import Figure, LeaderFigures, figures_of, order_leaders
from services.graph.domain.standing import standings_of
from services.graph.domain.support_graph import SupportGraph

DATA = os.environ.get("GUILDHALL_DATA", "")
needs_data = pytest.mark.skipif(not DATA, reason="GUILDHALL_DATA does not name the folder of real data")


def read_pairs(name: str) -> list[tuple[int, int]]:
    text = gzip.decompress((Path(DATA) / name).read_bytes()).decode()
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return sorted({(int(row[0]), int(row[1])) for row in rows if row[0] != row[1]})


def load(pairs: list[tuple[int, int]]) -> SupportGraph:
    """The most followed person is the founder."""
    people = {person for pair in pairs for person in pair}
    followed = [leader for _, leader in pairs]
    counts = np.bincount(followed)
    founder = int(counts.argmax())
    graph = SupportGraph()
    for person in sorted(people):
        graph.hold(Change(0, ChangeKind.MEMBERSHIP, UUID(int=person), None, True, person == founder))
    for supporter, leader in pairs:
        graph.hold(Change(0, ChangeKind.BACKLINK, UUID(int=supporter), UUID(int=leader), True))
    return graph


def ten_leaders(graph: SupportGraph, figure: Figure) -> list[LeaderFigures]:
    values = standings_of(graph, 0.85).values
    standing_of = {member: float(values[number]) for member, number in graph.number_of.items()}
    places = order_leaders(graph, figure, standing_of)[:10]
    return [
        figures_of(graph, graph.number_of[place.member_id], standing_of[place.member_id]) for place in places
    ]


def give_voices(graph: SupportGraph, count: int, seed: int) -> None:
    chance = random.Random(seed)
    for giver in chance.sample(range(len(graph.members)), count):
        backed = sorted(graph.leaders_of[giver])
        if backed:
            leader = chance.choice(backed)
            graph.hold(Change(0, ChangeKind.VOICE, graph.members[giver], graph.members[leader], True))


@needs_data
@pytest.mark.parametrize("figure", [Figure.STANDING, Figure.SUPPORTERS])
def test_ten_leaders_of_a_dense_union_have_different_headline_figures(figure: Figure) -> None:
    graph = load(read_pairs("email-eu-core/email-Eu-core.txt.gz"))
    give_voices(graph, 800, seed=7)
    leaders = ten_leaders(graph, figure)
    assert len({leader.supporters_count for leader in leaders}) >= 8
    assert len({leader.reach_count for leader in leaders}) >= 8
    assert len({leader.speaks_for_count for leader in leaders}) >= 8
    assert len({leader.standing for leader in leaders}) == 10


@needs_data
@pytest.mark.parametrize("name", ["email-eu-core/email-Eu-core.txt.gz", "wiki-vote/wiki-Vote.txt.gz"])
def test_counts_of_real_graphs_equal_brute_force(name: str) -> None:
    pairs = read_pairs(name)
    graph = load(pairs)
    followers: dict[int, set[int]] = {}
    for supporter, leader in pairs:
        followers.setdefault(leader, set()).add(supporter)
    for person in sorted(followers)[::25]:
        within = set(followers[person])
        for supporter in followers[person]:
            within |= followers.get(supporter, set())
        number = graph.number_of[UUID(int=person)]
        assert graph.supporters_count(number) == len(followers[person])
        assert graph.reach_count(number) == len(within - {person})
    assert standings_of(graph, 0.85).values.sum() == pytest.approx(1.0, abs=1e-9)
