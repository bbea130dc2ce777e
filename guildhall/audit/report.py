"""The audit as people read it, and as machines do."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from guildhall.audit.promises import FINDINGS_SHOWN_MAX
from guildhall.audit.run import Verdict, not_checked


def as_json(verdicts: list[Verdict]) -> dict[str, Any]:
    """`clean` is true when every promise holds."""
    return {
        "clean": all(verdict.holds for verdict in verdicts),
        "promises": [
            {
                "promise": verdict.promise.name,
                "says": verdict.promise.says,
                "holds": verdict.holds,
                "numbers": verdict.checked.numbers,
                "findings": [
                    {"database": finding.database, "row": finding.row, "wrong": finding.wrong}
                    for finding in verdict.checked.findings
                ],
            }
            for verdict in verdicts
        ],
        "not_checked": [
            {"service": item.service, "says": item.says, "why": item.why} for item in not_checked(verdicts)
        ],
    }


def print_report(verdicts: list[Verdict], console: Console) -> None:
    """A line a promise; under a broken one the rows that break it."""
    for verdict in verdicts:
        numbers = ", ".join(f"{number:,} {name}" for name, number in verdict.checked.numbers.items())
        mark = "[green]holds[/green] " if verdict.holds else "[red]BROKEN[/red]"
        console.print(f"{mark} {verdict.promise.name:<24} {verdict.promise.says}", soft_wrap=True)
        console.print(f"       [dim]{numbers}[/dim]", soft_wrap=True)
        for finding in verdict.checked.findings[:FINDINGS_SHOWN_MAX]:
            console.print(
                f"       {finding.database}: {finding.row}: {finding.wrong}", soft_wrap=True, markup=False
            )
        hidden = len(verdict.checked.findings) - FINDINGS_SHOWN_MAX
        if hidden > 0:
            console.print(f"       and {hidden:,} more")
    for item in not_checked(verdicts):
        console.print(f"[dim]not checked ({item.service}): {item.says}: {item.why}[/dim]", soft_wrap=True)
    broken = sum(not verdict.holds for verdict in verdicts)
    told = "clean" if broken == 0 else f"{broken} of {len(verdicts)} promises broken"
    console.print(f"[bold]audit: {told}[/bold]")
