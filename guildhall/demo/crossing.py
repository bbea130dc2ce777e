"""Chapter nine: a member takes money out to their own wallet, and it comes back to another one's account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from guildhall.demo.chain_wallet import ChainWallet
from guildhall.demo.story import Person, Story, StoryBroken
from guildhall.devnet.node_calls import NodeSilent

WITHDRAWN_MINOR = 20_000_000
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.2
LEAVER, RECEIVER = 1, 2


async def cross(story: Story, node_url: str | None) -> None:
    """One withdrawal paid on the chain, one deposit credited at finality; or one line that says it is off."""
    story.chapter("Out to the chain and back")
    bridge = await story.read(story.founder, f"{story.union_path}/bridge")
    if bridge["state"] == "off":
        story.console.print("  [dim]off: this deployment has no chain[/dim]")
        return
    if node_url is None:
        story.console.print("  [dim]left out: the story was told no node for its wallets (--chain)[/dim]")
        return
    await story.act(story.founder, "bridge/open", "PUT", f"{story.union_path}/bridge", keep=("state",))
    bridge = await _until(story, story.founder, "/bridge", lambda told: told["state"] == "open")
    leaver, receiver = story.people[LEAVER], story.people[RECEIVER]
    wallet = ChainWallet(node_url, leaver.wallet)
    withdrawal = await _withdraw(story, leaver)
    await _deposit(story, wallet, bridge, receiver)
    said = f"{withdrawal['amount']['text']} {withdrawal['amount']['asset']}"
    story.console.print(f"  {said} paid to {leaver.name}'s wallet, and credited to {receiver.name}")


async def _withdraw(story: Story, leaver: Person) -> dict[str, Any]:
    """Signed by the member, paid by the vault; final before the story goes on."""
    made = await story.act(
        leaver,
        f"withdraw/{story.season}",
        "POST",
        f"{story.union_path}/withdrawals",
        {"debit": story.money(WITHDRAWN_MINOR) | {"to": leaver.wallet.address}},
    )
    return await _until(
        story, leaver, f"/withdrawals/{made['id']}", lambda told: told["state"] in {"final", "returned"}
    )


async def _deposit(story: Story, wallet: ChainWallet, bridge: dict[str, Any], receiver: Person) -> None:
    """All that the wallet has, until it is credited: what a node that died had not kept is sent again."""
    name = f"deposit/{story.season}"
    if name in story.record:
        return
    story.record.begin(name)

    async def send() -> None:
        with suppress(NodeSilent):
            await asyncio.to_thread(
                wallet.deposit_all, bridge["token"], bridge["vault"], UUID(receiver.account_id)
            )

    await _until(story, receiver, "/deposits", lambda told: len(told["items"]) >= story.season, before=send)
    story.record.acknowledge(name, {})


async def _nothing() -> None:
    return


async def _until(
    story: Story,
    person: Person,
    path: str,
    holds: Callable[[Any], bool],
    before: Callable[[], Awaitable[None]] = _nothing,
) -> dict[str, Any]:
    """Reads until it holds, each time after `before`. Raises StoryBroken."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        await before()
        told = await story.read(person, f"{story.union_path}{path}")
        if holds(told):
            return told
        if time.monotonic() > deadline:
            raise StoryBroken(f"{path} has not come about in {PATIENCE_SECONDS} s")
        await asyncio.sleep(PAUSE_SECONDS)
