"""The money of chapter twelve's band: fees, an account that is frozen, a unit burnt, an evening's pay."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from guildhall.demo.band_founding import SHARE_MINOR, UNIT_MINOR, Band, account_id_of, account_of
from guildhall.demo.story import Person, Story, StoryBroken
from guildhall.demo.transfers import DONE, OUT_OF_FUNDS, post, transfer_id

BUYER, SELLER, LOSER, DRUMMER, BURNER = range(5)
BOUGHT = (("Strings for the fiddle", 20 * UNIT_MINOR), ("A used concertina", 70 * UNIT_MINOR))
RENT_MINOR = 30 * UNIT_MINOR
FROZEN_DAYS = 7
REASON = "The telephone is lost."
FROZEN = "debit_account_frozen"
EVENING_MINOR = 50 * UNIT_MINOR
EVENING_SHARES = {BUYER: 3, LOSER: 2, BURNER: 2}
TOO_MUCH_MINOR = SHARE_MINOR + UNIT_MINOR
"""More than the leader will ever have."""
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.1


async def pay_with_fees(story: Story, band: Band) -> Table:
    """One player buys from another; the fees, as the seller's statement explains them."""
    buyer, seller = band.players[BUYER], band.players[SELLER]
    batch = [
        band.transfer(
            transfer_id(story, "bought in the band", story.season, place),
            buyer,
            account_of(seller),
            minor,
            "pay",
            memo,
        )
        for place, (memo, minor) in enumerate(BOUGHT)
    ]
    await post(story, buyer, f"bought/{story.season}", batch, union_path=band.path)
    path = f"{band.path}/accounts/{account_id_of(story, seller)}/statement"
    fees = [line for line in await story.read_all(seller, path) if line["code"] == "fee"]
    whys = [await story.read(seller, f"{path}/{line['sequence']}/explanation") for line in fees]
    name = f"fees/{story.season}"
    if name not in story.record:
        story.record.begin(name)
        kept = {line["transfer_id"]: line["amount"]["minor"].removeprefix("-") for line in fees}
        story.record.acknowledge(name, {"fees": kept})
    return _shown_fees(band, seller, whys)


def _shown_fees(band: Band, seller: Person, whys: list[dict[str, Any]]) -> Table:
    formula = whys[0]["formula"]
    table = Table(title=f"Fees of {seller.name}'s sales: {formula}", title_justify="left")
    headings = ("of_minor", "basis_points", "max_minor")
    for heading in (*headings, "fee"):
        table.add_column(heading, justify="right")
    for why in sorted(whys, key=lambda why: int(why["figures"]["of_minor"])):
        figures = (f"{int(why['figures'][heading]):,}" for heading in headings)
        fee = f"{why['amount']['text'].removeprefix('-')} {band.union['token']['symbol']}"
        table.add_row(*figures, fee)
    return table


async def lose_a_telephone(story: Story, band: Band) -> None:
    """The leader freezes the account, and thaws it; what was refused meanwhile is paid under another id."""
    loser, season = band.players[LOSER], story.season
    path = f"{band.path}/accounts/{account_id_of(story, loser)}/freeze"
    body = {"until": _noted_end(story), "reason": REASON}
    await story.act(
        band.leader, f"freeze/{season}", "PUT", path, body, keep=("account_id", "state", "until", "reason")
    )
    # Whoever is taken up again after more than a week finds that the freeze is over.
    (refused,) = await _pay_rent(story, band, f"silenced/{season}", may_refuse=(FROZEN,))
    if refused not in DONE:
        story.refused.append(f"silenced/{season} of {loser.name}: {refused}")
    await story.act(band.leader, f"thaw/{season}", "DELETE", path, keep=("account_id", "state"))
    await _pay_rent(story, band, f"newphone/{season}")
    story.console.print(f"  {loser.name} was frozen, thawed, and has paid under another id")


async def _pay_rent(story: Story, band: Band, name: str, may_refuse: tuple[str, ...] = ()) -> list[str]:
    """Under an id that is this act's own: one that was refused is never free again."""
    loser, drummer = band.players[LOSER], band.players[DRUMMER]
    rent = band.transfer(
        transfer_id(story, name), loser, account_of(drummer), RENT_MINOR, "pay", "Rent of the drums"
    )
    return await post(story, loser, name, [rent], may_refuse, union_path=band.path)


def _noted_end(story: Story) -> str:
    """When the freeze ends: noted before it is sent, so that who asks again asks the same while it lasts."""
    name, now = f"freeze/{story.season}", datetime.now(UTC)
    noted = story.record.noted(name)
    if noted is None or datetime.fromisoformat(noted) <= now:
        story.record.note(name, (now + timedelta(days=FROZEN_DAYS)).isoformat())
    return story.record.noted(name)


async def burn(story: Story, band: Band) -> None:
    """One unit of a player's own."""
    burner, name = band.players[BURNER], f"burn/{story.season}"
    called = transfer_id(story, "burnt by the band", story.season)
    burnt = band.transfer(called, burner, "issuance", UNIT_MINOR, "burn", "For luck")
    await post(story, burner, name, [burnt], union_path=band.path)


async def first_release(story: Story, band: Band) -> None:
    """Returns once an evening's pay of the leader's share is released. Raises StoryBroken."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        vesting = (await story.read(band.leader, f"{band.path}/supply"))["vesting"]
        if int(vesting["released"]["minor"]) >= EVENING_MINOR:
            return
        if time.monotonic() > deadline:
            raise StoryBroken(f"the leader's share has not begun to vest in {PATIENCE_SECONDS} s: {vesting}")
        await asyncio.sleep(PAUSE_SECONDS)


async def split_evening(story: Story, band: Band) -> None:
    """The leader splits an evening's pay by shares, and then more than there is, which moves nothing."""
    told = await _allot(story, band, "evening", EVENING_MINOR)
    if told["result"] not in DONE:
        raise StoryBroken(f"evening/{story.season}: {told['result']}")
    parts = ", ".join(part["amount"]["text"] for part in told["parts"])
    shares = " : ".join(str(share) for share in EVENING_SHARES.values())
    symbol = band.union["token"]["symbol"]
    story.console.print(f"  an evening's pay of {EVENING_MINOR // UNIT_MINOR} {symbol}, {shares}: {parts}")
    over = await _allot(story, band, "toomuch", TOO_MUCH_MINOR)
    result = over.get("first_result") or over["result"]
    if result != OUT_OF_FUNDS:
        raise StoryBroken(f"toomuch/{story.season}: {result}")
    story.refused.append(f"toomuch/{story.season} of {band.leader.name}: {result}")


async def _allot(story: Story, band: Band, what: str, minor: int) -> dict[str, Any]:
    body = {
        "amount": band.money(minor),
        "sources": [{"account": account_of(band.leader)}],
        "destinations": [
            {"account": account_of(band.players[place]), "shares": shares}
            for place, shares in EVENING_SHARES.items()
        ],
        "memo": "Pay of the evening",
    }
    path = f"{band.path}/allotments/{transfer_id(story, what, story.season)}"
    kept = ("id", "result", "first_result", "parts")
    return await story.act(band.leader, f"{what}/{story.season}", "PUT", path, body, keep=kept)
