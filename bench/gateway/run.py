"""`guildhall bench gateway`: measures, then says which goals hold."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.gateway.door_cost import door_microseconds
from bench.gateway.load import CONNECTIONS, Load, Target, load_of
from bench.gateway.peers import OFFER_ID, READY_LINE
from bench.gateway.served import HERE, free_port, served, wait_for_line
from bench.gateway.union import Reader, make_union
from bench.goals import Goal, at_least, at_most, show_goals

SECONDS, QUICK_SECONDS = 8.0, 2.0
DOOR_REQUESTS, QUICK_DOOR_REQUESTS = 40_000, 5_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured."""

    loads: Mapping[str, Load]
    door_microseconds: float
    warm_start_seconds: float

    def goals(self) -> list[Goal]:
        ordinary, hot = self.loads["ordinary read"], self.loads["hot read"]
        return [
            at_least("ordinary read, requests/s", 1_800, ordinary.requests_per_second),
            at_most("ordinary read, p99 ms", 30, ordinary.p99_ms),
            at_least("hot read, requests/s", 3_000, hot.requests_per_second),
            at_most("hot read, p99 ms", 30, hot.p99_ms),
            at_most("gateway, us of CPU a request", 40, self.door_microseconds),
            at_most("warm start to ready, s", 5, self.warm_start_seconds),
            at_most("answers other than 200", 0, sum(load.refused for load in self.loads.values())),
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
            "connections": CONNECTIONS,
            "loads": {name: asdict(load) for name, load in self.loads.items()},
            "door_microseconds": self.door_microseconds,
            "warm_start_seconds": self.warm_start_seconds,
            "goals": [asdict(goal) for goal in self.goals()],
        }


def bench_gateway(*, quick: bool, as_json: bool) -> None:
    """Measure and print. What does not hold is said, and is no failure of the command."""
    figures = measure(QUICK_SECONDS if quick else SECONDS, QUICK_DOOR_REQUESTS if quick else DOOR_REQUESTS)
    if as_json:
        print(json.dumps(figures.as_json(), indent=2))
    else:
        _show(figures)


def measure(seconds: float, door_requests: int) -> Figures:
    from guildhall.embedded.opened import opened_databases
    from guildhall.reading_settings import read_guildhall_settings

    door = door_microseconds(door_requests)
    loads: dict[str, Load] = {}
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as made:
        # The database's own user has to reach the data folder.
        Path(made).chmod(0o755)
        folder = Path(made) / "data"
        with _peer("bare") as (port, process_id):
            loads["bare ASGI application"] = load_of(port, [Target("/")], seconds, process_id)
        with served(folder) as (deployment, warm_seconds):
            readers = asyncio.run(make_union(deployment.url))
            loads["ordinary read"] = load_of(
                deployment.port, _offers(readers), seconds, deployment.process_id
            )
            loads["hot read"] = load_of(deployment.port, _accounts(readers), seconds, deployment.process_id)
            with opened_databases(read_guildhall_settings(folder=folder)) as databases:
                url = "postgresql+asyncpg://" + databases["market"].split("://", 1)[1]
                with _peer("common", url) as (port, process_id):
                    target = Target(f"/offers/{OFFER_ID}")
                    loads["common FastAPI service, no token"] = load_of(port, [target], seconds, process_id)
    return Figures(loads, door, warm_seconds)


def _offers(readers: list[Reader]) -> list[Target]:
    return [Target(reader.offer_path, reader.token) for reader in readers]


def _accounts(readers: list[Reader]) -> list[Target]:
    return [Target(reader.account_path, reader.token) for reader in readers]


@contextmanager
def _peer(kind: str, *more: str) -> Generator[tuple[int, int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.gateway.peers", kind, str(port), *more],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_line(process, READY_LINE)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _show(figures: Figures) -> None:
    console = Console()
    loads = Table(title=f"Reads over {CONNECTIONS} connections")
    for heading in ("what", "requests/s", "p50 ms", "p99 ms", "CPU us"):
        loads.add_column(heading, justify="left" if heading == "what" else "right")
    for name, load in figures.loads.items():
        figures_of = (load.requests_per_second, load.p50_ms, load.p99_ms, load.cpu_us)
        loads.add_row(name, *(f"{figure:,.0f}" if figure > 100 else f"{figure:.1f}" for figure in figures_of))
    console.print(loads)
    show_goals(console, figures.goals(), "server and client together")
