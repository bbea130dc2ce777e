"""One union in memory: its graph, the newest published standing, and the orders of its leaders."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.graph.domain.leaders import Figure, LeaderFigures, Place, figures_of, order_leaders
from services.graph.domain.support_graph import SupportGraph
from services.graph.store.standings import Epoch


class UnionView:
    """What a reader sees at `version`. Nothing in it changes while a reader does not await."""

    def __init__(self, union_id: UUID, graph: SupportGraph) -> None:
        self.union_id = union_id
        self.graph = graph
        self.epoch: Epoch | None = None
        self.standing_of: Mapping[UUID, float] = {}
        self._orders: dict[Figure, tuple[tuple[int, int], Sequence[Place]]] = {}

    @property
    def version(self) -> int:
        return self.graph.version

    def is_active(self, member_id: UUID) -> bool:
        number = self.graph.number_of.get(member_id)
        return number is not None and self.graph.active[number]

    def figures(self, member_id: UUID) -> LeaderFigures | None:
        """The four figures of an active member; None for anybody else."""
        if not self.is_active(member_id):
            return None
        standing = None if self.epoch is None else self.standing_of.get(member_id, 0.0)
        return figures_of(self.graph, self.graph.number_of[member_id], standing)

    def order(self, figure: Figure) -> Sequence[Place]:
        """All leaders by a figure, kept until a change or an epoch moves it."""
        stamp = (self.graph.version, 0 if self.epoch is None else self.epoch.number)
        kept = self._orders.get(figure)
        if kept is None or kept[0] != stamp:
            kept = self._orders[figure] = (stamp, order_leaders(self.graph, figure, self.standing_of))
        return kept[1]

    def rank(self, figure: Figure, place: Place) -> int:
        """From 1; also for a place that nobody has."""
        return bisect_left(self.order(figure), place) + 1

    def places_after(self, figure: Figure, place: Place | None, count: int) -> Sequence[Place]:
        order = self.order(figure)
        start = 0 if place is None else bisect_right(order, place)
        return order[start : start + count]
