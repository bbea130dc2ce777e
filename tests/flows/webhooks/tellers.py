"""A union whose founder makes webhooks."""

import asyncio
from typing import Any

from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona
from tests.support.receiver import Received, Receiver


class Tellers:
    """One of its own for each test."""

    def __init__(self, founder: Persona, told: dict[str, Any], deployment: WholeDeployment) -> None:
        self.founder = founder
        self.told = told
        self.path = f"/v1/unions/{told['id']}"
        self.deployment = deployment

    async def made(self, receiver: Receiver, *types: str) -> dict[str, Any]:
        body = {"url": receiver.url, "types": list(types), "note": "Ours"}
        made = await self.founder.act("POST", f"{self.path}/webhooks", body)
        assert made.status_code == 201, made.text
        assert made.headers["cache-control"] == "no-store"
        return made.json()

    async def happens(self) -> int:
        """The founder amends the charter: a new version of the state `union`, which everybody may know."""
        tag = (await self.founder.get(f"{self.path}/charter")).headers["etag"]
        changed = await self.founder.act(
            "PATCH", f"{self.path}/charter", {"values": [f"After {tag}"]}, headers={"if-match": tag}
        )
        assert changed.status_code == 200, changed.text
        return changed.json()["version"]

    async def log(self, webhook: dict[str, Any], **asked: str | int) -> list[dict[str, Any]]:
        answered = await self.founder.get(f"{self.path}/webhooks/{webhook['id']}/deliveries", **asked)
        assert answered.status_code == 200, answered.text
        return answered.json()["items"]

    async def until(self, webhook: dict[str, Any], *states: str) -> list[dict[str, Any]]:
        """The log, the newest first, once its deliveries are in these states."""

        async def probe() -> list[dict[str, Any]]:
            return await self.log(webhook)

        return await self.deployment.eventually(
            probe, lambda log: tuple(one["state"] for one in log) == states
        )

    async def tried(self, webhook: dict[str, Any], count: int) -> None:
        """Until the newest delivery was tried so often, and that is written down."""

        async def probe() -> list[dict[str, Any]]:
            return await self.log(webhook)

        await self.deployment.eventually(probe, lambda log: bool(log) and log[0]["attempts_count"] == count)

    async def seen(self, webhook: dict[str, Any]) -> dict[str, Any]:
        return (await self.founder.get(f"{self.path}/webhooks/{webhook['id']}")).json()


async def got(receiver: Receiver, count: int) -> list[Received]:
    async with asyncio.timeout(30):
        while len(receiver.got) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return receiver.got
