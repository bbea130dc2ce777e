"""How much is measured: a run whose figures are told, or a quick one that shows that all of it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guildhall.refusals import StartRefused

GOAL_STORED = 5_000_000
"""Beside so many the rates are promised; where a run has no such size, beside its largest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """`requests_max`: of one connection, in one round. Memory is looked at after each of its chunks."""

    stored: Sequence[int]
    rounds: int
    requests_max: int
    read_seconds: float
    peer_seconds: int
    copied_rows: int
    tigerbeetle_transfers: int
    memory_arrays_a_chunk: int

    @property
    def headline(self) -> int:
        return headline_of(self.stored)


FULL_SCALE = Scale(
    stored=(100_000, GOAL_STORED, 10_000_000),
    rounds=3,
    requests_max=1_000,
    read_seconds=6,
    peer_seconds=5,
    copied_rows=200_000,
    tigerbeetle_transfers=1_000_000,
    memory_arrays_a_chunk=12,
)
QUICK_SCALE = Scale(
    stored=(100_000,),
    rounds=2,
    requests_max=3,
    read_seconds=1,
    peer_seconds=1,
    copied_rows=20_000,
    tigerbeetle_transfers=100_000,
    memory_arrays_a_chunk=1,
)


def headline_of(stored: Sequence[int]) -> int:
    return GOAL_STORED if GOAL_STORED in stored else max(stored)


def scale_of(*, quick: bool, stored: Sequence[int] = ()) -> Scale:
    """`stored`: other sizes than the run would have."""
    scale = QUICK_SCALE if quick else FULL_SCALE
    return replace(scale, stored=tuple(sorted(set(stored)))) if stored else scale


def read_stored(text: str | None) -> tuple[int, ...]:
    """Counts with commas between them; none for what the run has. Raises StartRefused."""
    if text is None:
        return ()
    counts = [part.strip() for part in text.split(",")]
    if not all(count.isdecimal() and int(count) > 0 for count in counts):
        raise StartRefused(f"--stored is counts such as 100000,5000000, not {text}")
    return tuple(int(count) for count in counts)
