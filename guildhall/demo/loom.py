"""The loom of chapter eleven: weavers reserve a deposit, its keeper takes what was worn of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from guildhall.demo.story import Person, Story, StoryBroken
from guildhall.demo.tables import by_state
from guildhall.demo.transfers import DONE, OUT_OF_FUNDS, post, transfer, transfer_id

UNIT_MINOR = 1_000_000
DEPOSIT_MINOR = 5 * UNIT_MINOR
WEAR_UNITS = (1, 3)
WORN_EACH = 4
"""One of so many wears the loom."""
HELD_SECONDS = 604_800
FORGOTTEN_SECONDS = 2
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.1
FORGOTTEN, AT_THE_LOOM = 0, 1


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a weaver reserves for the keeper, and what the keeper will take of it: all the rest goes back."""

    number: int
    weaver: Person
    hold_id: str
    wear_minor: int

    @property
    def is_ended(self) -> bool:
        """By the keeper: one is forgotten and ends by itself, one's weaver still sits at the loom."""
        return self.number not in {FORGOTTEN, AT_THE_LOOM}

    @property
    def timeout_seconds(self) -> int:
        return FORGOTTEN_SECONDS if self.number == FORGOTTEN else HELD_SECONDS


def deposits_of(story: Story) -> list[Deposit]:
    """The season's deposits; the founder keeps the loom."""
    stream = story.seed.stream("loom", story.season)
    return [
        Deposit(
            number,
            weaver,
            transfer_id(story, "deposit for the loom", story.season, number),
            stream.randint(*WEAR_UNITS) * UNIT_MINOR if number % WORN_EACH == WORN_EACH - 1 else 0,
        )
        for number, weaver in enumerate(stream.sample(story.people[1:], story.scale.weavers))
    ]


async def rent(story: Story) -> list[Deposit]:
    """Each weaver reserves a deposit, the keeper ends them in one signed act; returns those reserved."""
    deposits = deposits_of(story)
    done = await story.each("reserve a deposit", deposits, lambda deposit: _reserve(story, deposit))
    reserved = [deposit for deposit, is_reserved in zip(deposits, done, strict=True) if is_reserved]
    ends = [_end(story, deposit) for deposit in reserved if deposit.is_ended]
    # Whoever is taken up again after more than a week finds that nothing is reserved any more.
    await post(story, story.founder, f"giveback/{story.season}", ends, may_refuse=("pending_expired",))
    return reserved


async def _reserve(story: Story, deposit: Deposit) -> bool:
    hold = transfer(
        story,
        deposit.hold_id,
        deposit.weaver,
        story.founder,
        DEPOSIT_MINOR,
        "hold",
        timeout_seconds=deposit.timeout_seconds,
        memo="Deposit for the loom",
    )
    name = f"hold/{story.season}/{deposit.number}"
    return set(await post(story, deposit.weaver, name, [hold], may_refuse=(OUT_OF_FUNDS,))) <= DONE


def _end(story: Story, deposit: Deposit) -> dict[str, Any]:
    """Taken in part, or released whole."""
    return transfer(
        story,
        transfer_id(story, "end of a deposit", story.season, deposit.number),
        deposit.weaver,
        story.founder,
        deposit.wear_minor or DEPOSIT_MINOR,
        "hold_post" if deposit.wear_minor else "hold_void",
        pending_id=deposit.hold_id,
    )


async def returned(story: Story, deposits: Sequence[Deposit]) -> Table:
    """What the API tells of the season's deposits, once the forgotten one has ended by itself."""
    ids = {deposit.hold_id for deposit in deposits}
    ending = {deposit.hold_id for deposit in deposits if deposit.number != AT_THE_LOOM}
    path = f"{story.union_path}/holds"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        ended = await story.read_all(story.founder, f"{path}?ended=true")
        if ending <= {hold["id"] for hold in ended}:
            break
        if time.monotonic() > deadline:
            raise StoryBroken(f"a deposit has not ended in {PATIENCE_SECONDS} s")
        await asyncio.sleep(PAUSE_SECONDS)
    holds = [hold for hold in ended + await story.read_all(story.founder, path) if hold["id"] in ids]
    name = f"deposits/{story.season}"
    if name not in story.record:
        kept = {hold["id"]: {"state": hold["state"], "taken": hold["taken"]["minor"]} for hold in holds}
        story.record.begin(name)
        story.record.acknowledge(name, {"holds": kept})
    return by_state("Deposits for the loom", "deposits", ("amount", "taken"), holds)
