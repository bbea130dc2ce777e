"""Chapter thirteen: somebody loses the wallet that they sign in by, and friends bring them back."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guildhall.client import Answer, DeviceKey, Refused, Wallet
from guildhall.client.sign_in import certify
from guildhall.demo.story import Person, Story, StoryBroken

GUARDIANS_COUNT, THRESHOLD = 3, 2
DELAY_MAX_SECONDS = 60
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.1
ASKING = "/v1/auth/recoveries"


@dataclass(frozen=True, slots=True)
class _Circle:
    """Who loses a wallet, who they are with a new one, and their guardians."""

    before: Person
    after: Person
    guardians: tuple[Person, ...]


async def recover(story: Story) -> None:
    """Told as far as the house's delay lets it be: a story does not wait for a week."""
    story.chapter("A lost wallet")
    circle = _circle(story)
    name = f"regained/{story.season}"
    if name not in story.record:
        if not await _have_guardians(story, circle):
            return
        recovery_id = await _ask(story, circle)
        for guardian in circle.guardians[:THRESHOLD]:
            await _vouch(story, guardian, recovery_id)
        await _until_done(story, recovery_id)
        await _regain(story, circle, name)
    regained = story.record.answer(name)
    story.console.print(
        f"  {THRESHOLD} of {GUARDIANS_COUNT} guardians brought @{regained['handle']} back with a new wallet"
    )
    story.refused.append(f"{name} by the lost wallet: {regained['lost_wallet']}")


def _circle(story: Story) -> _Circle:
    """Somebody who belongs to no union yet, and three of the guild whom they know."""
    number = len(story.people) + story.season
    before, after = (_person(story, number, f"{what} {story.season}") for what in ("lost", "found"))
    guardians = story.seed.stream("guardians", story.season).sample(story.people, GUARDIANS_COUNT)
    return _Circle(before, after, tuple(guardians))


def _person(story: Story, number: int, called: str) -> Person:
    seed = story.seed.text
    return Person(number, Wallet.derived(seed, called), DeviceKey.derived(seed, called))


async def _have_guardians(story: Story, circle: _Circle) -> bool:
    """Named, and held by now; False where the house's delay is longer than a story."""
    for guardian in circle.guardians:
        await story.read(guardian, "/v1/me")
    body = {"guardians": [guardian.member_id for guardian in circle.guardians], "threshold": THRESHOLD}
    path = "/v1/me/guardians"
    named = await story.act(circle.before, f"guardians/{story.season}", "PUT", path, body, keep=("change",))
    change = named["change"]
    wait_seconds = (datetime.fromisoformat(change["holds_from"]) - datetime.now(UTC)).total_seconds()
    if wait_seconds > DELAY_MAX_SECONDS:
        story.console.print(f"  guardians hold here from {change['holds_from']} on: too late for this story")
        return False
    await asyncio.sleep(max(0.0, wait_seconds))
    return True


async def _ask(story: Story, circle: _Circle) -> str:
    """By the new wallet, whose owner is nobody yet; the recovery's id."""
    name = f"recovery/{story.season}"
    if name in story.record:
        return story.record.answer(name)["id"]
    handle = (await story.read(circle.before, "/v1/me"))["handle"]
    story.record.begin(name)

    async def ask() -> Answer:
        asked, message, signature = await certify(story.connections, circle.after.wallet, circle.after.device)
        proof = {"message": message, "signature": signature}
        body = {"member": handle, "wallet": proof, "greeting": "My wallet fell into the Tejo. Call me."}
        headers = {"cookie": asked.cookie} if asked.cookie else {}
        return await story.connections.request("POST", ASKING, headers, json.dumps(body).encode())

    answer = await story.answered(f"POST {ASKING}", ask)
    recovery_id = answer.json()["id"] if answer.is_ok else await _asked_before(story, circle, answer)
    story.record.acknowledge(name, {"id": recovery_id})
    return recovery_id


async def _asked_before(story: Story, circle: _Circle, answer: Answer) -> str:
    """The answer to the first time was lost: the wallet's sign-in is refused with the recovery's id."""
    if answer.problem != "new-key-taken":
        raise StoryBroken(answer.told())
    try:
        await story.sign_in(circle.after)
    except Refused as refused:
        if refused.problem == "key-awaits-recovery":
            return refused.answer.json()["recovery_id"]
        raise
    raise StoryBroken("the new wallet belongs to somebody before it was recovered")


async def _vouch(story: Story, guardian: Person, recovery_id: str) -> None:
    """They have called, and the fingerprint was the one read out."""
    await story.act(
        guardian,
        f"vouch/{story.season}/{guardian.number}",
        "PUT",
        f"/v1/me/recoveries/{recovery_id}/vote",
        {"approves": True},
        keep=("state",),
        may_refuse=("vote-cast", "recovery-over"),
    )


async def _until_done(story: Story, recovery_id: str) -> None:
    async def look() -> Answer:
        return await story.connections.request("GET", f"{ASKING}/{recovery_id}")

    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        shown: dict[str, Any] = (await story.answered(f"GET {ASKING}", look)).checked().json()
        if shown["state"] == "done":
            return
        if time.monotonic() > deadline:
            raise StoryBroken(f"recovery {recovery_id} is {shown['state']} after {PATIENCE_SECONDS} s")
        await asyncio.sleep(PAUSE_SECONDS)


async def _regain(story: Story, circle: _Circle, name: str) -> None:
    """The new wallet signs in as who has lost the old one, which signs in no more."""
    story.record.begin(name)
    profile = await story.read(circle.after, "/v1/me")
    try:
        await story.sign_in(circle.before)
    except Refused as refused:
        kept = {"id": profile["id"], "handle": profile["handle"], "lost_wallet": refused.problem}
        story.record.acknowledge(name, kept)
        return
    raise StoryBroken("the lost wallet signs in still")
