"""The figures as tables: of each the median of its rounds, and the least and the most of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.goals import show_goals
from bench.ledger.beside import NAMES
from bench.ledger.figures import Figures, rate_of
from bench.ledger.load import Sent
from bench.ledger.memory import growth_percent
from bench.ledger.ours import PLANS, READING, Round


def show(console: Console, figures: Figures) -> None:
    for stored, rounds in figures.rounds.items():
        console.print(_posted(stored, rounds))
    console.print(_read(figures))
    console.print(_beside(figures))
    for table in (_apart(figures), _held(figures)):
        if table is not None:
            console.print(table)
    show_goals(console, figures.goals(), "server and client together")


def spread(values: Iterable[float]) -> tuple[str, str]:
    """The median; and, of several rounds, from the least to the most."""
    ordered = sorted(values)
    told = f"{_figure(ordered[0])} to {_figure(ordered[-1])}" if len(ordered) > 1 else ""
    return _figure(median(ordered)), told


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _table(title: str, what: str, *headings: str) -> Table:
    table = Table(title=title)
    table.add_column(what)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _sent(rounds: Sequence[Sent]) -> tuple[str, ...]:
    return (
        *spread(sent.transfers_per_second for sent in rounds),
        _figure(median(sent.p50_ms for sent in rounds)),
        *spread(sent.p99_ms for sent in rounds),
    )


def _posted(stored: int, rounds: Sequence[Round]) -> Table:
    title = f"Transfers posted through the gateway, signed, beside {stored:,} stored; {len(rounds)} rounds"
    table = _table(title, "what", "transfers/s", "of rounds", "p50 ms", "p99 ms", "of rounds")
    for plan in PLANS:
        table.add_row(plan.name, *_sent([one.sent[plan.name] for one in rounds]))
    return table


def _read(figures: Figures) -> Table:
    table = _table(
        f"Reads of {READING} clients", "what", "stored", "reads/s", "of rounds", "p99 ms", "of rounds"
    )
    for name in next(iter(figures.rounds.values()))[0].reads:
        for stored, rounds in figures.rounds.items():
            loads = [one.reads[name] for one in rounds]
            table.add_row(
                name,
                f"{stored:,}",
                *spread(load.requests_per_second for load in loads),
                *spread(load.p99_ms for load in loads),
            )
    return table


def _beside(figures: Figures) -> Table:
    table = _table("Beside it, in turn with ours", "what", "a second", "of rounds")
    for name in NAMES:
        if name in figures.peers:
            table.add_row(name, *spread(figures.peers[name]))
        elif name in figures.not_run:
            table.add_row(f"{name} ({figures.not_run[name]})", "not run here", "")
    return table


def _apart(figures: Figures) -> Table | None:
    if not figures.processes:
        return None
    table = _table(
        "One union, on processes of their own", "what", "ledgers", "transfers/s", "of rounds", "of one"
    )
    for plan in figures.processes[1]:
        for count, side in figures.processes.items():
            share = rate_of(side[plan]) / rate_of(figures.processes[1][plan])
            rates = spread(sent.transfers_per_second for sent in side[plan])
            table.add_row(plan, str(count), *rates, f"{share:.2f}")
    return table


def _held(figures: Figures) -> Table | None:
    if not figures.memory:
        return None
    table = _table(
        f"Memory of the process, grown by {growth_percent(figures.memory):.1f} %", "transfers posted", "MiB"
    )
    for look in figures.memory:
        table.add_row(f"{look.posted_count:,}", f"{look.mebibytes:,.0f}")
    return table
