"""The band of chapter twelve: its charter, who joins by its leader's invitation, and the grants they get."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from guildhall.demo.story import Person, Story, StoryBroken

UNIT_MINOR = 1_000_000
PLAYERS_COUNT = 5
SHARE_MINOR = 960 * UNIT_MINOR
CLIFF_SECONDS = 3
PARAMETERS: dict[str, int | str] = {
    "token_symbol": "BEAT",
    "supply_minor": str(10 * SHARE_MINOR),
    "treasury_share_basis_points": 7_000,
    "founder_share_basis_points": 1_000,
    "early_members_share_basis_points": 2_000,
    "founder_cliff_seconds": CLIFF_SECONDS,
    "founder_vesting_seconds": 48,
    "admission": "invitation",
    "joining_grant_minor": str(400 * UNIT_MINOR),
    "joining_grant_halves_every": 2,
    "payment_fee_basis_points": 100,
    "fee_max_minor": str(UNIT_MINOR // 2),
}
"""Each second is a step of the leader's share; a payment of more than 50 units costs what one of 50 does."""
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Band:
    """A season's small union; `union`: what its founding answered."""

    union: dict[str, Any]
    leader: Person
    players: tuple[Person, ...]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    def money(self, minor: int) -> dict[str, str]:
        return {"asset": self.union["token"]["symbol"], "minor": str(minor)}

    def transfer(
        self, called: str, payer: Person, credit: str, minor: int, code: str, memo: str
    ) -> dict[str, Any]:
        """One of a batch; `called` is its id."""
        accounts = {"debit_account": account_of(payer), "credit_account": credit}
        return {"id": called} | accounts | self.money(minor) | {"code": code, "memo": memo}


def account_of(person: Person) -> str:
    """As transfers name it, in whatever union."""
    return f"members/{person.member_id}"


def account_id_of(story: Story, person: Person) -> str:
    """Of a player who has the band's grant."""
    return story.record.answer(f"welcome/{story.season}/{person.number}")["account_id"]


async def form(story: Story) -> Band:
    """Founded, joined by invitation, and each with the grant of their number."""
    leader, *players = story.seed.stream("band", story.season).sample(story.people[1:], 1 + PLAYERS_COUNT)
    body = {
        "name": f"The Loose Threads of season {story.season}",
        "slug": f"loose-threads-{story.season}",
        "purpose": "We play where the guild dances, and share what the hat brings.",
        "parameters": PARAMETERS,
    }
    kept = ("id", "name", "token", "charter_version", "charter_hash")
    union = await story.act(leader, f"band/{story.season}", "POST", "/v1/unions", body, keep=kept)
    band = Band(union, leader, tuple(players))
    invitation = await story.act(
        leader,
        f"bandlink/{story.season}",
        "POST",
        f"{band.path}/invitations",
        {"uses_max": PLAYERS_COUNT},
        keep=("id", "code"),
    )
    await story.each("join the band", players, lambda player: _join(story, band, player, invitation["code"]))
    grants = await story.each("receive its grant", players, lambda player: _welcomed(story, band, player))
    told = ", ".join(grant["text"] for grant in sorted(grants, key=lambda grant: grant["number"]))
    story.console.print(f"  {union['name']}, founded by {leader.name}")
    story.console.print(f"  joining grants by number: {told} {union['token']['symbol']}")
    return band


async def _join(story: Story, band: Band, player: Person, code: str) -> None:
    acceptance = {
        "charter_version": band.union["charter_version"],
        "charter_hash": band.union["charter_hash"],
        "invitation": code,
    }
    name = f"enlist/{story.season}/{player.number}"
    await story.act(
        player, name, "POST", f"{band.path}/memberships", acceptance, keep=("union_id", "version")
    )


async def _welcomed(story: Story, band: Band, player: Person) -> dict[str, Any]:
    """The grant, once it has come: how much, and by which number."""
    name = f"welcome/{story.season}/{player.number}"
    if name in story.record:
        return story.record.answer(name)
    story.record.begin(name)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        accounts = (await story.read(player, f"{band.path}/accounts"))["items"]
        mine = [account for account in accounts if account["kind"] == "member"]
        if mine and int(mine[0]["balance"]["minor"]) > 0:
            break
        if time.monotonic() > deadline:
            raise StoryBroken(f"{player.name} has waited {PATIENCE_SECONDS} s for the band's grant")
        await asyncio.sleep(PAUSE_SECONDS)
    path = f"{band.path}/accounts/{mine[0]['id']}/statement"
    line = next(line for line in await story.read_all(player, path) if line["code"] == "joining_grant")
    why = await story.read(player, f"{path}/{line['sequence']}/explanation")
    kept = {
        "union_id": band.union["id"],
        "account_id": mine[0]["id"],
        "number": why["figures"]["number"],
        "minor": line["amount"]["minor"],
        "text": line["amount"]["text"],
    }
    story.record.acknowledge(name, kept)
    return kept
