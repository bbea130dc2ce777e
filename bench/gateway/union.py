"""A union with some members, made over the public API, and the paths that they read."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from guildhall.client import Connections, DeviceKey, Session, Wallet, sign_in

MEMBERS = 8
EVENTS_SECONDS_MAX = 30


@dataclass(frozen=True, slots=True)
class Reader:
    """A member's token, and what they read: an offer (the ordinary read), their account (the hot one)."""

    token: str
    offer_path: str
    account_path: str


async def make_union(url: str) -> list[Reader]:
    """Found a union, join it, make an offer; every reader's own paths."""
    async with Connections(url) as connections:
        sessions = [
            await sign_in(connections, Wallet.create(), DeviceKey.create(), patience_seconds=10)
            for _ in range(MEMBERS)
        ]
        founder = sessions[0]
        body = {"name": "Guild of the bench", "purpose": "To be read."}
        union: dict[str, Any] = (await founder.post("/v1/unions", body)).checked().json()
        path = f"/v1/unions/{union['id']}"
        acceptance = {"charter_version": union["charter_version"], "charter_hash": union["charter_hash"]}
        for session in sessions[1:]:
            (await session.post(f"{path}/memberships", acceptance)).checked()
        draft = {
            "title": "Read me",
            "description": "An offer that is read many times.",
            "price": {"asset": union["token"]["symbol"], "minor": "1000000"},
        }
        offer: dict[str, Any] = (await founder.post(f"{path}/offers", draft, act=False)).checked().json()
        return [
            Reader(
                session.tokens.access_token,
                f"{path}/offers/{offer['id']}",
                f"{path}/accounts/{await _account(session, path)}",
            )
            for session in sessions
        ]


async def _account(session: Session, path: str) -> str:
    """The member's account, which the ledger opens when it hears of the membership."""
    deadline = time.monotonic() + EVENTS_SECONDS_MAX
    while time.monotonic() < deadline:
        answer = await session.get(f"{path}/accounts")
        if answer.is_ok and answer.json()["items"]:
            return str(answer.json()["items"][0]["id"])
        await asyncio.sleep(0.1)
    raise TimeoutError("the ledger has opened no account for a member")
