"""`guildhall bench identity`: measures, then says which goals hold."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.gateway.load import Load
from bench.gateway.served import Served
from bench.gateway.union import found_union
from bench.goals import Goal, at_least, at_most, show_goals
from bench.identity.asking import CONNECTIONS, Asked, acting, signing_in
from bench.identity.endings import Endings, endings
from bench.identity.million import FIRST_PAGE, READING, SEARCH, reading, store_members
from bench.identity.proofs import ProofCosts, proof_costs
from guildhall.client import Connections

WIDE = "1000000000"
LIFTED = {
    f"IDENTITY_{name}_MAX": WIDE
    for name in ("ADDRESS_REQUESTS", "ADDRESS_NEW_MEMBERS", "WALLET_SIGN_INS", "MEMBER_REFRESHES")
}
SIGN_IN, ACT = "sign-in by wallet", "signed act"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of each is done."""

    proofs: int = 2_000
    requests_a_connection: int = 60
    members: int = 1_000_000
    read_seconds: float = 8.0
    endings: int = 100


QUICK = Scale(proofs=200, requests_a_connection=10, members=20_000, read_seconds=2.0, endings=10)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured. `endings` says why where this machine has no cluster."""

    costs: ProofCosts
    asked: Mapping[str, Asked]
    members: int
    reads: Mapping[str, Load]
    endings: Endings | str

    @property
    def shares(self) -> dict[str, float]:
        """Of the server's CPU for a request, what its cryptography takes."""
        costs = self.costs
        of_proofs = {SIGN_IN: costs.sign_in_us + costs.token_made_us, ACT: costs.act_us}
        return {name: proof / self.asked[name].cpu_us for name, proof in of_proofs.items()}

    def goals(self) -> list[Goal]:
        refused = sum(asked.sent.refused_count for asked in self.asked.values())
        refused += sum(load.refused for load in self.reads.values())
        return [
            at_least("token checks of one core, cached, a second", 20_000, self.costs.tokens_per_second),
            at_most(f"{FIRST_PAGE}, p99 ms", 15, self.reads[FIRST_PAGE].p99_ms),
            at_most(f"{SEARCH}, p99 ms", 30, self.reads[SEARCH].p99_ms),
            *self._goals_of_cluster(),
            at_most("requests refused", 0, refused),
        ]

    def _goals_of_cluster(self) -> list[Goal]:
        if isinstance(self.endings, str):
            return []
        return [at_most("an ended device is refused in the cluster, p99 ms", 1_000, self.endings.p99_ms)]

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
            "proofs": asdict(self.costs),
            "connections": CONNECTIONS,
            "asked": {name: asdict(asked) for name, asked in self.asked.items()},
            "shares_of_cryptography": self.shares,
            "members": self.members,
            "reads": {name: asdict(load) for name, load in self.reads.items()},
            "endings_seconds": self.endings if isinstance(self.endings, str) else list(self.endings.seconds),
            "goals": [asdict(goal) for goal in self.goals()],
        }


def bench_identity(*, quick: bool, as_json: bool) -> None:
    """Measure and print. What does not hold is said, and is no failure of the command."""
    figures = measure(QUICK if quick else Scale())
    if as_json:
        print(json.dumps(figures.as_json(), indent=2))
    else:
        _show(figures)


def measure(scale: Scale) -> Figures:
    costs = proof_costs(scale.proofs)
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as made:
        # The database's own user has to reach the data folder.
        Path(made).chmod(0o755)
        deployment = Served(Path(made) / "home", settings=LIFTED)
        deployment.start()
        try:
            asked = {
                SIGN_IN: asyncio.run(signing_in(deployment, scale.requests_a_connection)),
                ACT: asyncio.run(acting(deployment, scale.requests_a_connection)),
            }
            reads = asyncio.run(_reads(deployment, scale))
        finally:
            deployment.stop()
        return Figures(costs, asked, scale.members, reads, _endings(Path(made) / "cluster", scale.endings))


async def _reads(deployment: Served, scale: Scale) -> dict[str, Load]:
    from guildhall.embedded.opened import opened_databases
    from guildhall.reading_settings import read_guildhall_settings

    async with Connections(deployment.url) as connections:
        union = await found_union(connections, 2)
    with opened_databases(read_guildhall_settings(folder=deployment.folder)) as databases:
        await store_members(databases["identity"], union, scale.members)
    return await reading(deployment, union, scale.members, scale.read_seconds)


def _endings(folder: Path, count: int) -> Endings | str:
    """How it went, or what this machine lacks."""
    cluster = Served(folder, "cluster")
    try:
        cluster.start()
    except RuntimeError as error:
        return str(error)
    try:
        return asyncio.run(endings(cluster.url, count))
    finally:
        cluster.stop()


def _show(figures: Figures) -> None:
    console, costs = Console(), figures.costs
    proofs = Table(title="Proofs, one core")
    for heading in ("what", "us"):
        proofs.add_column(heading, justify="left" if heading == "what" else "right")
    for what, cost in (
        ("a token that was seen before", costs.token_cached_us),
        ("a token, seen first", costs.token_new_us),
        ("a token, made", costs.token_made_us),
        ("a signed act", costs.act_us),
        ("a sign-in message and its wallet's signature", costs.sign_in_us),
        ("Ed25519 alone, by the library", costs.ed25519_us),
    ):
        proofs.add_row(what, f"{cost:,.1f}")
    console.print(proofs)
    asked = Table(title=f"Over {CONNECTIONS} connections")
    for heading in ("what", "a second", "p50 ms", "p99 ms", "CPU us", "of it cryptography"):
        asked.add_column(heading, justify="left" if heading == "what" else "right")
    for name, one in figures.asked.items():
        sent = one.sent
        numbers = (sent.requests_per_second, sent.p50_ms, sent.p99_ms, one.cpu_us)
        asked.add_row(name, *(f"{number:,.1f}" for number in numbers), f"{figures.shares[name]:.0%}")
    console.print(asked)
    reads = Table(title=f"A union of {figures.members:,}, over {READING} connections")
    for heading in ("what", "a second", "p50 ms", "p99 ms"):
        reads.add_column(heading, justify="left" if heading == "what" else "right")
    for name, load in figures.reads.items():
        reads.add_row(name, *(f"{n:,.1f}" for n in (load.requests_per_second, load.p50_ms, load.p99_ms)))
    console.print(reads)
    if isinstance(figures.endings, str):
        console.print(
            f"How soon an ended device is refused in the cluster was not run here: {figures.endings}"
        )
    else:
        console.print(f"An ended device was refused after {figures.endings.p50_ms:.0f} ms (median).")
    show_goals(console, figures.goals(), "server and client together")
