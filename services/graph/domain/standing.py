"""Standing: the sybil-resistant rank, a personalised PageRank that starts from the roots.

standing = (1 - a) r + a (P' standing + dangling r), with a the damping, r uniform over the roots, P the
backlinks with each supporter's share 1 / (number of their backlinks), and dangling the standing of those who
back nobody, which goes back to the roots (Page, Brin, Motwani, Winograd 1999; Haveliwala 2002). It sums to 1.
Members who are not reached from a root have none: k backlinks into a group of fakes carry in at most
a / (1 - a) times the standing that flows over them, whatever the fakes do among themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from services.graph.domain.support_graph import SupportGraph

Floats = NDArray[np.float64]
ITERATIONS_MAX_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class Standings:
    """`values[m]` of each member; `dangling`: what went back to the roots; `residual`: the last move."""

    values: Floats
    dangling: float
    residual: float


def personalised_pagerank(
    members_count: int,
    backlinks: tuple[NDArray[np.int32], NDArray[np.int32]],
    roots: Iterable[int],
    damping: float,
    tolerance: float = 1e-12,
) -> Standings:
    """Standings by power iteration until the L1 move is at most `tolerance`.

    `backlinks` are supporters and leaders as parallel arrays, each pair once. Without a root, all have none.
    """
    restart = np.zeros(members_count)
    starting = sorted(set(roots))
    if not starting:
        return Standings(restart, 0.0, 0.0)
    from scipy.sparse import csr_array  # a start need not wait for it: 0.2 s

    restart[starting] = 1.0 / len(starting)
    supporters, leaders = backlinks
    backed_count = np.bincount(supporters, minlength=members_count)
    ends = backed_count == 0
    shares = 1.0 / backed_count[supporters]
    flow = csr_array((shares, (leaders, supporters)), shape=(members_count, members_count))
    values = restart
    dangling = residual = 0.0
    for _ in range(ITERATIONS_MAX_COUNT):
        dangling = float(values[ends].sum())
        moved = damping * (flow @ values) + (1.0 - damping + damping * dangling) * restart
        residual = float(np.abs(moved - values).sum())
        values = moved
        if residual <= tolerance:
            break
    return Standings(values, float(values[ends].sum()), residual)


def backlink_arrays(graph: SupportGraph) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The backlinks that count now, as supporters and leaders by the graph's own numbers."""
    backed_counts = [len(leaders) for leaders in graph.leaders_of]
    supporters = np.repeat(np.arange(len(backed_counts), dtype=np.int32), backed_counts)
    leaders = np.fromiter(chain.from_iterable(graph.leaders_of), np.int32, len(supporters))
    return supporters, leaders


def standings_of(graph: SupportGraph, damping: float) -> Standings:
    """The standings of a union's graph as it is now, by the graph's own numbers."""
    return personalised_pagerank(len(graph.members), backlink_arrays(graph), graph.roots, damping)


@dataclass(frozen=True, slots=True)
class Flow:
    """What one supporter's backlink gives: their standing, split evenly among those whom they back."""

    supporter: int
    supporter_standing: float
    supporter_backlinks_count: int

    def share(self, damping: float) -> float:
        """The part of the leader's standing that came over this backlink."""
        return damping * self.supporter_standing / self.supporter_backlinks_count


@dataclass(frozen=True, slots=True)
class StandingExplanation:
    """Where one leader's standing comes from: the roots' restart, and each backlink, strongest first."""

    standing: float
    from_restart: float
    flows: tuple[Flow, ...]
    damping: float

    def explained(self) -> float:
        """The sum of all parts; it differs from `standing` by no more than the iteration's tolerance."""
        return self.from_restart + sum(flow.share(self.damping) for flow in self.flows)


def explain_standing(
    standing: float,
    *,
    is_root: bool,
    roots_count: int,
    dangling: float,
    damping: float,
    flows: Iterable[Flow],
) -> StandingExplanation:
    """The parts of a leader's standing, by the equation above."""
    restart = 1.0 / roots_count if is_root else 0.0
    strongest_first = sorted(flows, key=lambda flow: (-flow.share(damping), flow.supporter))
    return StandingExplanation(
        standing, (1.0 - damping + damping * dangling) * restart, tuple(strongest_first), damping
    )
