"""A leader's branch folded for drawing: the strongest parts open, the rest counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from uuid import UUID

from services.graph.domain.support_graph import SupportGraph
from services.graph.domain.voice_forest import NOBODY


@dataclass(frozen=True, slots=True)
class BranchNode:
    """A member with everybody below: `branch_count` = children, their branches, `folded_members_count`.

    `folded_branches_count` says how many of the direct voices are folded, i.e. not drawn.
    """

    member_id: UUID
    branch_count: int
    supporters_count: int
    children: tuple["BranchNode", ...]
    folded_branches_count: int
    folded_members_count: int


def fold_branch(graph: SupportGraph, leader: int, nodes_max_count: int, depth_max: int) -> BranchNode:
    """The branch as a tree with the leader at its root and at most `nodes_max_count` members drawn.

    Members are opened strongest first (size of their part, then id), so that the order is stable. A loop
    is cut at the leader: whoever is in it hangs below exactly one other.
    """
    sizes = _sizes_below(graph, leader)
    open_children: dict[int, list[int]] = {leader: []}
    waiting: list[tuple[int, UUID, int, int, int]] = []

    def offer_children(parent: int, depth: int) -> None:
        if depth >= depth_max:
            return
        for child in graph.voices.spoken_for[parent]:
            if child != leader:
                size = sizes.get(child, graph.voices.hanging_count(child))
                heappush(waiting, (-size, graph.members[child], child, parent, depth + 1))

    offer_children(leader, 0)
    while waiting and len(open_children) < nodes_max_count:
        _, _, child, parent, depth = heappop(waiting)
        open_children[parent].append(child)
        open_children[child] = []
        offer_children(child, depth)
    return _build(graph, leader, open_children, sizes)


def strongest_heads(graph: SupportGraph, strongest_first: Iterable[int], count: int) -> list[int]:
    """The first `count` for whom nobody speaks, of whom others speak through; a loop has one: its first."""
    heads: list[int] = []
    seen_in_loops: set[int] = set()
    for leader in strongest_first:
        if len(heads) == count or graph.branch_count(leader) == 0:
            break
        around = graph.voices.loop(leader)
        if graph.voices.speaker_of[leader] == NOBODY or (around and leader not in seen_in_loops):
            heads.append(leader)
        seen_in_loops.update(around)
    return heads


def _sizes_below(graph: SupportGraph, leader: int) -> dict[int, int]:
    """The sizes that a loop through the leader changes: of its members, seen from the leader down."""
    around = graph.voices.loop(leader)
    sizes: dict[int, int] = {}
    below = 0
    for member in around[1:]:
        sizes[member] = graph.voices.hanging_count(member) + below
        below = sizes[member] + 1
    sizes[leader] = graph.branch_count(leader)
    return sizes


def _build(
    graph: SupportGraph, top: int, open_children: dict[int, list[int]], sizes: dict[int, int]
) -> BranchNode:
    """Nodes from the last opened one back to the leader: a child was always opened after its parent."""
    built: dict[int, BranchNode] = {}
    for member in reversed(open_children):
        children = tuple(built.pop(child) for child in open_children[member])
        size = sizes.get(member, graph.voices.hanging_count(member))
        voices_count = len(graph.voices.spoken_for[member] - {top})
        built[member] = BranchNode(
            member_id=graph.members[member],
            branch_count=size,
            supporters_count=graph.supporters_count(member),
            children=children,
            folded_branches_count=voices_count - len(children),
            folded_members_count=size - sum(child.branch_count + 1 for child in children),
        )
    return built[top]
