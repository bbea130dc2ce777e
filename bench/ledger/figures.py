"""What was measured, in rounds, and which goals hold by the medians of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.goals import Goal, at_least, at_most
from bench.ledger.beside import HORDAK
from bench.ledger.load import Sent
from bench.ledger.memory import GROWTH_PERCENT_MAX, PROMISED_COUNT, Held, growth_percent
from bench.ledger.ours import BALANCE, FULL, FULL_TO_ONE, HALF, SINGLES, STATEMENT, Round
from bench.ledger.scale import headline_of

COMPARED_STORED = 100_000
"""Reads beside more are held against those beside so many."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`rounds`: of ours, by how many transfers of others were stored. `peers`: a figure a round, a second.

    `not_run`: which peers are not there, and why. `processes`: by how many of the ledger, by plan, a round
    each. `memory`: of one process, with what was posted for it in `memory_sent`.
    """

    rounds: Mapping[int, Sequence[Round]]
    bytes_per_transfer: float
    peers: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])
    not_run: Mapping[str, str] = field(default_factory=dict[str, str])
    processes: Mapping[int, Mapping[str, Sequence[Sent]]] = field(
        default_factory=dict[int, Mapping[str, Sequence[Sent]]]
    )
    memory: Sequence[Held] = ()
    memory_sent: Sequence[Sent] = ()

    @property
    def headline(self) -> int:
        return headline_of(list(self.rounds))

    def goals(self) -> list[Goal]:
        full, singles = self._rate(FULL), self._rate(SINGLES)
        goals = [
            at_least("arrays of 8,190, transfers/s (stretch 100,000)", 60_000, full),
            at_least("arrays of 500, transfers/s", 40_000, self._rate(HALF)),
            at_least("all to one account, of uniform", 0.9, self._rate(FULL_TO_ONE) / full),
            at_least("singles of 64 clients, transfers/s (stretch 4,000)", 2_500, singles),
            at_most(
                "singles of 64 clients, p99 ms",
                60,
                self._median(self.headline, lambda one: one.sent[SINGLES].p99_ms),
            ),
        ]
        hordak = max((median(self.peers[name]) for name in HORDAK.values() if name in self.peers), default=0)
        if hordak:
            goals.append(at_least("arrays of 8,190, times django-hordak", 50, full / hordak))
        if self.processes:
            goals.append(at_least("two processes, of one", 0.7, self._two_of_one()))
        goals += self._goals_of_reads()
        goals.append(at_most("bytes of disk a transfer", 250, self.bytes_per_transfer))
        if self.memory and self.memory[-1].posted_count >= PROMISED_COUNT:
            name = f"memory, % grown from {self.memory[0].posted_count:,} to {self.memory[-1].posted_count:,}"
            goals.append(at_most(name, GROWTH_PERCENT_MAX, growth_percent(self.memory)))
        goals.append(at_most("answers other than 200", 0, self._refused_count()))
        return goals

    def _goals_of_reads(self) -> list[Goal]:
        most = max(self.rounds)
        goals: list[Goal] = []
        for name, told, p99_ms_max in (
            (BALANCE, "balance", 5),
            (STATEMENT, "newest page of a statement", 10),
        ):
            p99_ms = self.read_p99_ms(most, name)
            goals.append(at_most(f"{told}, p99 ms beside {most:,}", p99_ms_max, p99_ms))
            if COMPARED_STORED in self.rounds and most > COMPARED_STORED:
                times = p99_ms / self.read_p99_ms(COMPARED_STORED, name)
                goals.append(at_most(f"{told}, times that beside {COMPARED_STORED:,}", 1.2, times))
        return goals

    def read_p99_ms(self, stored: int, name: str) -> float:
        return self._median(stored, lambda one: one.reads[name].p99_ms)

    def _rate(self, plan: str) -> float:
        return self._median(self.headline, lambda one: one.sent[plan].transfers_per_second)

    def _median(self, stored: int, figure: Callable[[Round], float]) -> float:
        return median(figure(one) for one in self.rounds[stored])

    def _two_of_one(self) -> float:
        """Of what was compared, where two did worst."""
        one, two = self.processes[1], self.processes[2]
        return min(rate_of(two[plan]) / rate_of(one[plan]) for plan in one)

    def _refused_count(self) -> int:
        rounds = [one for of_size in self.rounds.values() for one in of_size]
        apart = [sent for side in self.processes.values() for plan in side.values() for sent in plan]
        posted = [sent for one in rounds for sent in one.sent.values()]
        return sum(sent.refused_count for sent in (*posted, *apart, *self.memory_sent)) + sum(
            load.refused for one in rounds for load in one.reads.values()
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
            "stored": self.headline,
            "rounds": {
                str(stored): [asdict(one) for one in of_size] for stored, of_size in self.rounds.items()
            },
            "peers_per_second": {
                name: {"median": median(figures), "rounds": list(figures)}
                for name, figures in self.peers.items()
            },
            "not_run_here": dict(self.not_run),
            "processes": {
                str(count): {plan: [asdict(sent) for sent in rounds] for plan, rounds in side.items()}
                for count, side in self.processes.items()
            },
            "memory": [asdict(look) for look in self.memory],
            "bytes_per_transfer": self.bytes_per_transfer,
            "goals": [asdict(goal) for goal in self.goals()],
        }


def rate_of(rounds: Iterable[Sent]) -> float:
    """Transfers a second, the median."""
    return median(sent.transfers_per_second for sent in rounds)
