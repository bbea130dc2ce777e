"""What a benchmark promises, what came out, and how both are shown."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise: what was wanted, what came out."""

    name: str
    goal: str
    measured: float
    holds: bool


def at_least(name: str, least: float, measured: float) -> Goal:
    return Goal(name, f">= {least:,}", round(measured, 2), measured >= least)


def at_most(name: str, most: float, measured: float) -> Goal:
    return Goal(name, f"<= {most:,}", round(measured, 2), measured <= most)


def show_goals(console: Console, goals: Iterable[Goal], who: str) -> None:
    """The table of goals, and what the machine was doing. `who`: which processes the load is of."""
    table = Table(title="Goals")
    for heading in ("goal", "wanted", "measured", "holds"):
        table.add_column(heading, justify="right" if heading in {"wanted", "measured"} else "left")
    for goal in goals:
        table.add_row(goal.name, goal.goal, f"{goal.measured:,.2f}", "yes" if goal.holds else "NO")
    console.print(table)
    console.print(f"{os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f} ({who}).")
