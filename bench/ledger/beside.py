"""The peers, one after the other, once a round: what each did a second, and which are not run here."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.ledger import django_hordak, tigerbeetle
from bench.ledger.peers import NotRun, copied_per_second, keep_database, pgbench_per_second
from bench.ledger.scale import Scale
from bench.ledger.sending import Spread

COPY, PGBENCH = "COPY of such rows", "pgbench TPC-B, 64 clients"
PLAIN, PLAIN_TO_ONE = "plain design, 64 clients", "plain design, all to one"
HORDAK = {threads: f"django-hordak, {threads} thread{'s' * (threads > 1)}" for threads in (1, 4)}
TIGERBEETLE = "TigerBeetle, batches of 8,190"
NAMES = (COPY, PGBENCH, PLAIN, PLAIN_TO_ONE, *HORDAK.values(), TIGERBEETLE)
PROGRAM_SECONDS_MAX = 120


@dataclass(slots=True)
class Peers:
    """`per_second`: a figure a round. `not_run`: why."""

    ledger_url: str
    scale: Scale
    per_second: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    not_run: dict[str, str] = field(default_factory=dict[str, str])

    def round(self) -> None:
        seconds = self.scale.peer_seconds
        self._note(COPY, lambda: asyncio.run(copied_per_second(self.ledger_url, self.scale.copied_rows)))
        self._note(PGBENCH, lambda: pgbench_per_second(self.ledger_url, seconds))
        self._note(PLAIN, lambda: self._plain(Spread.UNIFORM))
        self._note(PLAIN_TO_ONE, lambda: self._plain(Spread.TO_ONE))
        for threads, name in HORDAK.items():
            self._note(name, lambda threads=threads: self._hordak(threads))
        self._note(TIGERBEETLE, lambda: tigerbeetle.posted_per_second(self.scale.tigerbeetle_transfers))

    def _note(self, name: str, measure: Callable[[], float]) -> None:
        if name in self.not_run:
            return
        try:
            self.per_second.setdefault(name, []).append(measure())
        except NotRun as reason:
            self.per_second.pop(name)
            self.not_run[name] = str(reason)

    def _plain(self, spread: Spread) -> float:
        url = asyncio.run(keep_database(self.ledger_url, "bench_plain"))
        return _rate_of("bench.ledger.plain_design", url, spread.value, str(self.scale.peer_seconds))

    def _hordak(self, threads: int) -> float:
        if not django_hordak.is_installed():
            raise NotRun("the group hordak is not installed: make bench NAME=ledger brings it")
        url = asyncio.run(keep_database(self.ledger_url, "bench_hordak"))
        return _rate_of("bench.ledger.django_hordak", url, str(threads), str(self.scale.peer_seconds))


def _rate_of(module: str, *arguments: str) -> float:
    """Of a peer that is a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS_MAX,
    )
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr}")
    return float(json.loads(done.stdout))
