"""`guildhall bench ledger`: measures, then says which goals hold."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.gateway.served import Served, served
from bench.ledger.beside import Peers
from bench.ledger.figures import Figures
from bench.ledger.memory import held_while_posting
from bench.ledger.ours import Ours, Round
from bench.ledger.processes import posted_by_one_and_two
from bench.ledger.scale import Scale, scale_of
from bench.ledger.stored import bytes_per_transfer, store_others
from bench.ledger.tables import show
from guildhall.client import Connections


def bench_ledger(*, quick: bool, as_json: bool, stored: Sequence[int] = ()) -> None:
    """Measure and print. What does not hold is said, and is no failure of the command.

    `stored`: beside how many transfers of others, one size after the other; none: as many as the run has.
    """
    figures = measure(scale_of(quick=quick, stored=stored))
    if as_json:
        print(json.dumps(figures.as_json(), indent=2))
    else:
        show(Console(), figures)


def measure(scale: Scale) -> Figures:
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as made:
        Path(made).chmod(0o755)  # the database's own user has to reach the data folder
        with served(Path(made) / "data") as (deployment, _):
            return asyncio.run(_measured(deployment, scale))


async def _measured(deployment: Served, scale: Scale) -> Figures:
    """Ours and its peers in turn; then memory in a new process; then one and two processes of the ledger."""
    from guildhall.embedded.opened import opened_databases
    from guildhall.reading_settings import read_guildhall_settings

    async with Connections(deployment.url) as connections:
        ours = await Ours.founded(deployment, connections)
        await ours.warm()
        with opened_databases(read_guildhall_settings(folder=deployment.folder)) as databases:
            peers = Peers(databases["ledger"], scale)
            rounds = await _rounds(ours, peers, scale)
            size = await bytes_per_transfer(databases["ledger"])
        _say("memory of a new process")
        await asyncio.to_thread(deployment.stop)
        await asyncio.to_thread(deployment.start)
        memory, memory_sent = await held_while_posting(ours, scale)
        _say("one and two processes of the ledger")
        await asyncio.to_thread(deployment.stop)
        processes = await posted_by_one_and_two(ours, scale)
    return Figures(rounds, size, peers.per_second, peers.not_run, processes, memory, memory_sent)


async def _rounds(ours: Ours, peers: Peers, scale: Scale) -> dict[int, list[Round]]:
    """From the smallest size to the largest; the peers have their turn beside the size of the goals."""
    rounds: dict[int, list[Round]] = {}
    for stored in scale.stored:
        _say(f"{stored:,} transfers to be stored")
        await store_others(peers.ledger_url, stored)
        rounds[stored] = []
        for number in range(scale.rounds):
            _say(f"beside {stored:,}: round {number + 1} of {scale.rounds}")
            rounds[stored].append(await ours.round(scale))
            if stored == scale.headline:
                await asyncio.to_thread(peers.round)
    return rounds


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
