"""What a bridge's operations need: a chain beside the town, money that went out, a deposit of nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from guildhall.demo.chain_wallet import ChainWallet
from guildhall.devnet.launcher import CHAIN_ID, Devnet
from tests.guildhall.audit.town import Town
from tests.wire.reaching import Knowing, Known

UNION = "/v1/unions/{union}"
FINAL_WITHIN_SECONDS = 30


class Crossing:
    """The bridge is opened once; a deposit is made anew for whoever asks for one."""

    def __init__(self, town: Town, devnet: Devnet) -> None:
        self.town = town
        self.devnet = devnet
        self._bridge: dict[str, Any] | None = None

    async def bridge(self) -> dict[str, Any]:
        if self._bridge is None:
            await self.town.act("founder", "PUT", "/bridge")
            self._bridge = await self._told("founder", "/bridge", "open")
        return self._bridge

    def withdrawal_body(self) -> dict[str, Any]:
        wallet = self.town.people["backer"].wallet
        return {"debit": self.town.money(1) | {"to": wallet.address}}

    async def withdrawal(self) -> str:
        """Final on the chain: the backer's wallet holds it."""
        await self.bridge()
        made = await self.town.act("backer", "POST", "/withdrawals", self.withdrawal_body())
        return (await self._told("backer", f"/withdrawals/{made.json()['id']}", "final"))["id"]

    async def deposit(self) -> str:
        """Sent by the backer's wallet, for an account that is nobody's: a claim may follow."""
        bridge = await self.bridge()
        await self.withdrawal()
        known = await self._unclaimed()
        wallet = ChainWallet(self.devnet.url, self.town.people["backer"].wallet)
        await asyncio.to_thread(wallet.deposit_all, bridge["token"], bridge["vault"], uuid4())
        found = await self.town.deployment.eventually(
            self._unclaimed, lambda told: bool(told - known), within_seconds=FINAL_WITHIN_SECONDS
        )
        return (found - known).pop()

    async def _unclaimed(self) -> set[str]:
        answer = await self.town.people["backer"].get(f"{self.town.path}/deposits", of="nobody")
        return {one["id"] for one in answer.json()["items"]}

    async def _told(self, who: str, path: str, state: str) -> dict[str, Any]:
        answer = await self.town.deployment.eventually(
            lambda: self.town.people[who].get(f"{self.town.path}{path}"),
            lambda told: told.json().get("state") == state,
            within_seconds=FINAL_WITHIN_SECONDS,
        )
        return answer.json()


def knowing_the_chain(town: Town, devnet: Devnet) -> Mapping[str, Knowing]:
    """By the operation's label."""
    crossing = Crossing(town, devnet)
    here = {"union": town.union["slug"]}
    founder, backer = town.people["founder"], town.people["backer"]

    async def opening() -> Known:
        return Known(founder, here)

    async def looking() -> Known:
        return Known(backer, here)

    async def deposited() -> Known:
        return Known(backer, here | {"deposit": await crossing.deposit()})

    async def withdrawing() -> Known:
        await crossing.bridge()
        return Known(backer, here, crossing.withdrawal_body())

    async def withdrawn() -> Known:
        return Known(backer, here | {"withdrawal": await crossing.withdrawal()})

    async def showing() -> Known:
        rule = f"open or token:{CHAIN_ID}:0x{'11' * 20}:1"
        body = {"name": f"Holders {uuid4().hex}", "purpose": "Hold.", "parameters": {"admission": rule}}
        made = await (await town.deployment.persona("founder")).act("POST", "/v1/unions", body)
        assert made.status_code == 201, made.text
        return Known(await town.deployment.persona("worker"), {"union": made.json()["id"]})

    return {
        "PUT /v1/unions/{union}/admission-proofs/mine/balance": showing,
        f"GET {UNION}/bridge": looking,
        f"PUT {UNION}/bridge": opening,
        f"GET {UNION}/deposits": looking,
        f"GET {UNION}/deposits/{{deposit}}": deposited,
        f"PUT {UNION}/deposits/{{deposit}}/claim": deposited,
        f"POST {UNION}/withdrawals": withdrawing,
        f"GET {UNION}/withdrawals": looking,
        f"GET {UNION}/withdrawals/{{withdrawal}}": withdrawn,
    }
