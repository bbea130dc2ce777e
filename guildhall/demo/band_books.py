"""What the band of chapter twelve has come to: its supply, and the leader's share beside its plan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.table import Table

from guildhall.demo.band_founding import Band
from guildhall.demo.story import Story


@dataclass(frozen=True, slots=True)
class BandBooks:
    """As the API tells them to the leader."""

    supply: dict[str, Any]
    steps: list[dict[str, Any]]
    treasury: dict[str, str]
    fees_minor: int


async def read_books(story: Story, band: Band) -> BandBooks:
    """The supply, the steps of the leader's share, and what the treasury has, with the fees among it."""
    accounts = (await story.read(band.leader, f"{band.path}/accounts"))["items"]
    treasury = next(account for account in accounts if account["kind"] == "treasury")
    lines = await story.read_all(band.leader, f"{band.path}/accounts/{treasury['id']}/statement")
    return BandBooks(
        supply=await story.read(band.leader, f"{band.path}/supply"),
        steps=await story.read_all(band.leader, f"{band.path}/supply/vesting"),
        treasury=treasury["balance"],
        fees_minor=sum(int(line["amount"]["minor"]) for line in lines if line["code"] == "fee"),
    )


def shown_supply(band: Band, books: BandBooks) -> Table:
    token, supply = band.union["token"], books.supply
    table = Table(title=f"Supply of {band.union['name']}", title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    for name, amount in (
        ("genesis", supply["genesis"]["text"]),
        ("burnt", supply["burned"]["text"]),
        ("supply now", supply["now"]["text"]),
        ("in the treasury", books.treasury["text"]),
        ("fees among it", f"{Decimal(books.fees_minor).scaleb(-token['scale']):f}"),
        ("next joining grant", supply["grants"]["next"]["text"]),
    ):
        table.add_row(name, f"{Decimal(amount):,} {token['symbol']}")
    return table


def shown_steps(band: Band, books: BandBooks) -> Table:
    """What was released beside what the plan has due by now: both of one answer."""
    vesting = books.supply["vesting"]
    title = f"The share of {band.leader.name}, in {len(books.steps)} steps"
    table = Table(title=title, title_justify="left")
    for heading in ("state", "steps", "amount"):
        table.add_column(heading, justify="left" if heading == "state" else "right")
    planned, released = (_reached(books, vesting[named]) for named in ("planned", "released"))
    for state, count, amount in (
        ("due by the plan", planned, vesting["planned"]),
        ("released", released, vesting["released"]),
        ("to come", len(books.steps) - released, vesting["locked"]),
    ):
        table.add_row(state, f"{count:,}", f"{amount['text']} {amount['asset']}")
    return table


def _reached(books: BandBooks, amount: dict[str, str]) -> int:
    """How many steps so much is."""
    return sum(int(step["vested"]["minor"]) <= int(amount["minor"]) for step in books.steps)
