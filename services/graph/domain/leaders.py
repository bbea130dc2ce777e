"""The four figures of a leader, and the order of leaders by one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.graph.domain.support_graph import SupportGraph


class Amount(Protocol):
    """One figure of a member, by the graph's number."""

    def __call__(self, member: int) -> float: ...


class Figure(StrEnum):
    """By what leaders are ordered. REACH counts two steps."""

    SUPPORTERS = "supporters"
    SPEAKS_FOR = "speaks_for"
    REACH = "reach"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class LeaderFigures:
    """Direct supporters, people spoken for or within two steps, standing (None before the first epoch)."""

    member_id: UUID
    supporters_count: int
    speaks_for_count: int
    reach_count: int
    standing: float | None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A leader's place in an order: larger figures first, then ids."""

    descending: float
    member_id: UUID


def figures_of(graph: SupportGraph, member: int, standing: float | None) -> LeaderFigures:
    return LeaderFigures(
        member_id=graph.members[member],
        supporters_count=graph.supporters_count(member),
        speaks_for_count=graph.branch_count(member),
        reach_count=graph.reach_count(member),
        standing=standing,
    )


def order_leaders(graph: SupportGraph, figure: Figure, standing_of: Mapping[UUID, float]) -> Sequence[Place]:
    """Everybody with a supporter, in the order of the figure."""
    members = graph.members
    amounts: dict[Figure, Amount] = {
        Figure.SUPPORTERS: graph.supporters_count,
        Figure.SPEAKS_FOR: graph.branch_count,
        Figure.REACH: graph.reach_count,
        Figure.STANDING: lambda member: standing_of.get(members[member], 0.0),
    }
    amount = amounts[figure]
    return sorted(Place(-float(amount(leader)), members[leader]) for leader in graph.leaders())
