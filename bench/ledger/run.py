"""`guildhall bench ledger`: measures, then says which goals hold."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from bench.gateway.load import Load, Target, load_of
from bench.gateway.served import Served, served
from bench.gateway.union import FoundedUnion, account_of, found_union
from bench.goals import Goal, at_least, at_most, show_goals
from bench.ledger.load import Sent, sent_of
from bench.ledger.peers import bytes_per_transfer, copied_per_second, pgbench_per_second, store_others
from bench.ledger.sending import Payer, Plan, Spread, Where, streams_of
from guildhall.client import Connections

MEMBERS = 8
PURSE_MINOR = 100_000_000
FUND_SECONDS_MAX = 30
READ_SECONDS, QUICK_READ_SECONDS = 6.0, 1.0
PGBENCH_SECONDS, QUICK_PGBENCH_SECONDS = 8, 2
COPIED_ROWS, QUICK_COPIED_ROWS = 200_000, 20_000
STORED_ROWS, QUICK_STORED_ROWS = 5_000_000, 100_000
READING = 4
"""Connections that read: at more of them a closed loop measures its own queue."""
QUICK_REQUESTS = 4
FULL, HALF = "arrays of 8,190", "arrays of 500"
FULL_TO_ONE, SINGLES = "arrays of 8,190, all to one", "singles"
PLANS = (
    Plan(FULL, 2, 8_190, 6),
    Plan(FULL_TO_ONE, 2, 8_190, 6, Spread.TO_ONE),
    Plan(HALF, 4, 500, 25),
    Plan(SINGLES, 64, 1, 40),
    Plan("singles, Zipf", 64, 1, 40, Spread.ZIPF),
    Plan("singles, all to one", 64, 1, 40, Spread.TO_ONE),
    Plan("holds, opened and taken", 64, 1, 40, is_held=True),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured beside so many stored. `reads`: a balance, and a statement's newest page."""

    sent: Mapping[str, Sent]
    reads: Mapping[str, Load]
    peers: Mapping[str, float]
    bytes_per_transfer: float
    stored: int = field(default=0)

    def goals(self) -> list[Goal]:
        full, to_one, singles = self.sent[FULL], self.sent[FULL_TO_ONE], self.sent[SINGLES]
        return [
            at_least("arrays of 8,190, transfers/s", 60_000, full.transfers_per_second),
            at_least("arrays of 500, transfers/s", 40_000, self.sent[HALF].transfers_per_second),
            at_least(
                "all to one account, of uniform", 0.9, to_one.transfers_per_second / full.transfers_per_second
            ),
            at_least("singles of 64 clients, transfers/s", 2_500, singles.transfers_per_second),
            at_most("singles of 64 clients, p99 ms", 60, singles.p99_ms),
            at_most("balance, p99 ms", 5, self.reads["balance"].p99_ms),
            at_most("newest page of a statement, p99 ms", 10, self.reads["statement"].p99_ms),
            at_most("bytes of disk a transfer", 250, self.bytes_per_transfer),
            at_most(
                "answers other than 200",
                0,
                sum(sent.refused_count for sent in self.sent.values())
                + sum(load.refused for load in self.reads.values()),
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
            "stored": self.stored,
            "sent": {name: asdict(sent) for name, sent in self.sent.items()},
            "reads": {name: asdict(load) for name, load in self.reads.items()},
            "peers_per_second": dict(self.peers),
            "bytes_per_transfer": self.bytes_per_transfer,
            "goals": [asdict(goal) for goal in self.goals()],
        }


def bench_ledger(*, quick: bool, as_json: bool) -> None:
    """Measure and print. What does not hold is said, and is no failure of the command."""
    figures = measure(quick=quick)
    if as_json:
        print(json.dumps(figures.as_json(), indent=2))
    else:
        _show(figures)


def measure(*, quick: bool) -> Figures:
    from guildhall.embedded.opened import opened_databases
    from guildhall.reading_settings import read_guildhall_settings

    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as made:
        Path(made).chmod(0o755)  # the database's own user has to reach the data folder
        folder = Path(made) / "data"
        with (
            served(folder) as (deployment, _),
            opened_databases(read_guildhall_settings(folder=folder)) as databases,
        ):
            url = databases["ledger"]
            stored = QUICK_STORED_ROWS if quick else STORED_ROWS
            asyncio.run(store_others(url, stored))
            sent, reads = asyncio.run(_through_the_gateway(deployment, quick=quick))
            size = asyncio.run(bytes_per_transfer(url))
            rows = QUICK_COPIED_ROWS if quick else COPIED_ROWS
            peers = {
                "COPY of such rows": asyncio.run(copied_per_second(url, rows)),
                "pgbench TPC-B, 64 clients": pgbench_per_second(
                    url, QUICK_PGBENCH_SECONDS if quick else PGBENCH_SECONDS
                ),
            }
    return Figures(sent, reads, peers, size, stored)


async def _through_the_gateway(deployment: Served, *, quick: bool) -> tuple[dict[str, Sent], dict[str, Load]]:
    async with Connections(deployment.url) as connections:
        union = await found_union(connections, MEMBERS)
        await _fund(union)
        where = Where(f"localhost:{deployment.port}", union.sessions[0].public_url, union.path, union.asset)
        sent: dict[str, Sent] = {}
        for plan in PLANS:
            taken = plan.quick(QUICK_REQUESTS) if quick else plan
            payers = [Payer.of(session) for session in await _fresh(union)]
            streams = await asyncio.to_thread(streams_of, taken, where, payers)
            sent[plan.name] = await asyncio.to_thread(sent_of, deployment.port, streams)
        reads = await _reads(deployment, union, QUICK_READ_SECONDS if quick else READ_SECONDS)
    return sent, reads


async def _fresh(union: FoundedUnion) -> Sequence[Any]:
    """The sessions, each of whose tokens has been asked for now."""
    for session in union.sessions:
        (await session.get("/v1/me")).checked()
    return union.sessions


async def _fund(union: FoundedUnion) -> None:
    """The founder gives each member a purse, once the ledger knows all of them."""
    for session in union.sessions:
        await account_of(session, union.path)
    founder = union.sessions[0]
    transfers = [
        {
            "id": str(uuid4()),
            "debit_account": f"members/{founder.member_id}",
            "credit_account": f"members/{session.member_id}",
            "asset": union.asset,
            "minor": str(PURSE_MINOR),
            "code": "pay",
        }
        for session in union.sessions[1:]
    ]
    deadline = time.monotonic() + FUND_SECONDS_MAX
    while True:
        answer = (await founder.post(f"{union.path}/transfers", {"transfers": transfers})).checked().json()
        results = {one["result"] for one in answer["results"]}
        if results <= {"posted", "exists"}:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"the members could not be given their purses: {results}")
        for transfer in transfers:  # what was refused has burnt its id
            transfer["id"] = str(uuid4())
        await asyncio.sleep(0.5)


async def _reads(deployment: Served, union: FoundedUnion, seconds: float) -> dict[str, Load]:
    paths: list[tuple[str, str]] = []
    for session in await _fresh(union):
        account = await account_of(session, union.path)
        paths.append((f"{union.path}/accounts/{account}", session.tokens.access_token))
    of_kind = {"balance": "", "statement": "/statement?limit=50"}
    return {
        name: await asyncio.to_thread(
            load_of,
            deployment.port,
            [Target(f"{path}{tail}", token) for path, token in paths],
            seconds,
            deployment.process_id,
            READING,
        )
        for name, tail in of_kind.items()
    }


def _show(figures: Figures) -> None:
    console = Console()
    posted = Table(title=f"Transfers posted through the gateway, signed, beside {figures.stored:,} stored")
    for heading in ("what", "transfers/s", "requests/s", "p50 ms", "p99 ms"):
        posted.add_column(heading, justify="left" if heading == "what" else "right")
    for name, sent in figures.sent.items():
        row = (sent.transfers_per_second, sent.requests_per_second, sent.p50_ms, sent.p99_ms)
        posted.add_row(name, *(f"{figure:,.0f}" if figure > 100 else f"{figure:.1f}" for figure in row))
    console.print(posted)
    beside = Table(title="Beside it")
    for heading in ("what", "a second"):
        beside.add_column(heading, justify="left" if heading == "what" else "right")
    for name, load in figures.reads.items():
        beside.add_row(
            f"{name}, reads of {READING} clients (p99 {load.p99_ms:.1f} ms)",
            f"{load.requests_per_second:,.0f}",
        )
    for name, per_second in figures.peers.items():
        beside.add_row(name, f"{per_second:,.0f}" if per_second else "not run here")
    console.print(beside)
    show_goals(console, figures.goals(), "server and client together")
