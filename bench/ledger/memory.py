"""What the process of the ledger holds in memory while it posts a million transfers and more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ledger.load import Sent
from bench.ledger.ours import Ours
from bench.ledger.scale import Scale
from bench.ledger.sending import Plan

CHUNKS = 6
"""Of twelve arrays by each of two clients: 196,560 transfers, 982,800 after five, 1,179,360 in all."""
GROWTH_PERCENT_MAX = 10
PROMISED_COUNT = 1_000_000
"""The growth is promised from a fifth of it on; after fewer in all, a process is still filling its caches."""


@dataclass(frozen=True, slots=True)
class Held:
    """Resident memory after so many transfers of this process."""

    posted_count: int
    mebibytes: float


async def held_while_posting(ours: Ours, scale: Scale) -> tuple[list[Held], list[Sent]]:
    """A look after each chunk; none where the system does not tell. Begin with a process that is new."""
    looks: list[Held] = []
    chunks: list[Sent] = []
    if not resident_mebibytes(ours.deployment.process_id):
        return looks, chunks
    plan = Plan("memory", 2, 8_190, scale.memory_arrays_a_chunk)
    for _ in range(CHUNKS):
        chunks.append(await ours.post(plan, scale.memory_arrays_a_chunk))
        posted = sum(sent.posted_count for sent in chunks)
        looks.append(Held(posted, resident_mebibytes(ours.deployment.process_id)))
    return looks, chunks


def growth_percent(looks: Sequence[Held]) -> float:
    """Of the most that was held later over what was held after the first chunk."""
    first, *later = looks
    return (max(look.mebibytes for look in later) / first.mebibytes - 1) * 100


def resident_mebibytes(process_id: int) -> float:
    """0 where /proc does not tell."""
    try:
        said = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in said.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1_024
