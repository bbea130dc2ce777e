"""What the story came to: leaders with their four figures, a voice tree as text, and the sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.tree import Tree

from guildhall.demo.story import Story

LEADERS_SHOWN = 10
BRANCHES_SHOWN = 12


async def tell(story: Story) -> None:
    """Print the tables; every figure is read from the API."""
    story.chapter("What came of it")
    founder, path = story.founder, story.union_path
    page = await story.read(founder, f"{path}/leaders?limit={LEADERS_SHOWN}")
    names = {person.member_id: person.name for person in story.people}
    story.console.print(_leaders(page, names))
    if page["items"]:
        first = page["items"][0]["member_id"]
        tree = await story.read(founder, f"{path}/leaders/{first}/tree")
        story.console.print(_tree(tree, names))
    story.console.print(await _sums(story))


def _leaders(page: dict[str, Any], names: dict[str, str]) -> Table:
    table = Table(title=f"Ten leaders of {page['leaders_count']}", title_justify="left")
    for heading in ("leader", "supporters", "speaks for", "reach in 2", "trust rank"):
        table.add_column(heading, justify="left" if heading == "leader" else "right")
    for leader in page["items"]:
        standing = leader["standing"]
        table.add_row(
            names.get(leader["member_id"], "?"),
            f"{leader['supporters_count']:,}",
            f"{leader['speaks_for_count']:,}",
            f"{leader['reach_count']:,}",
            "-" if standing is None else f"{standing:.5f}",
        )
    return table


def _tree(told: dict[str, Any], names: dict[str, str]) -> Tree:
    root = told["tree"]
    tree = Tree(_label(root, names))
    _grow(tree, root, names, BRANCHES_SHOWN)
    return tree


def _grow(tree: Tree, node: dict[str, Any], names: dict[str, str], most: int) -> None:
    branches = node["children"]
    for branch in branches[:most]:
        grown = tree.add(_label(branch, names))
        _grow(grown, branch, names, 3)
    folded = node["folded_members_count"] + sum(1 + branch["speaks_for_count"] for branch in branches[most:])
    if folded:
        tree.add(f"[dim]and {folded} more[/dim]")


def _label(node: dict[str, Any], names: dict[str, str]) -> str:
    return f"{names.get(node['member_id'], '?')} [dim]speaks for {node['speaks_for_count']}[/dim]"


async def _sums(story: Story) -> Table:
    path = story.union_path
    market = await story.read(story.founder, f"{path}/market/summary")
    funding = await story.read(story.founder, f"{path}/funding/summary")
    totals = await story.read(story.founder, f"{path}/totals")
    journal = (await story.read(story.founder, f"{path}/journal?limit=1"))["items"][0]
    table = Table(title="Work, funding, money", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    rows = (
        ("agreements paid", f"{market['paid_agreements_count']:,}"),
        ("agreements refunded", f"{market['refunded_agreements_count']:,}"),
        ("earned", _money(market["earned"])),
        ("projects paid out", f"{funding['paid_out_projects_count']:,}"),
        ("projects refunded", f"{funding['refunded_projects_count']:,}"),
        ("funded", _money(funding["funded"])),
        ("issued", _money(totals["issued"])),
        ("held by members", _money(totals["members"])),
        ("held by the treasury", _money(totals["treasury"])),
        ("for early members", _money(totals["early_members"])),
        ("in escrow", _money(totals["escrow"])),
        ("outside on the chain", _money(totals["bridge"])),
        ("entries of the journal", f"{journal['number']:,}"),
    )
    for row in rows:
        table.add_row(*row)
    return table


def by_state(title: str, counted: str, parts: Sequence[str], things: Sequence[dict[str, Any]]) -> Table:
    """How many are in each state, and the sums of their amounts."""
    table = Table(title=title, title_justify="left")
    for heading in ("state", counted, *parts):
        table.add_column(heading, justify="left" if heading == "state" else "right")
    for state in sorted({thing["state"] for thing in things}):
        shown = [thing for thing in things if thing["state"] == state]
        sums = (_sum([thing[part] for thing in shown]) for part in parts)
        table.add_row(state, f"{len(shown):,}", *sums)
    return table


def _sum(amounts: Sequence[dict[str, str]]) -> str:
    """Of one asset."""
    return f"{sum(Decimal(amount['text']) for amount in amounts):,} {amounts[0]['asset']}"


def _money(money: dict[str, str]) -> str:
    return f"{money['text']} {money['asset']}"
