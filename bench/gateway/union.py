"""A union with some members, made over the public API, and the paths that they read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class FoundedUnion:
    """A union and those who are in it, its founder first."""

    told: Mapping[str, Any]
    sessions: Sequence[Session]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.told['id']}"

    @property
    def asset(self) -> str:
        return str(self.told["token"]["symbol"])


async def found_union(connections: Connections, members: int = MEMBERS) -> FoundedUnion:
    sessions = [
        await sign_in(connections, Wallet.create(), DeviceKey.create(), patience_seconds=10)
        for _ in range(members)
    ]
    body = {"name": "Guild of the bench", "purpose": "To be measured."}
    union: dict[str, Any] = (await sessions[0].post("/v1/unions", body)).checked().json()
    acceptance = {"charter_version": union["charter_version"], "charter_hash": union["charter_hash"]}
    for session in sessions[1:]:
        (await session.post(f"/v1/unions/{union['id']}/memberships", acceptance)).checked()
    return FoundedUnion(union, sessions)


async def make_union(url: str) -> list[Reader]:
    """Found a union, join it, make an offer; every reader's own paths."""
    async with Connections(url) as connections:
        union = await found_union(connections)
        path, sessions = union.path, union.sessions
        draft = {
            "title": "Read me",
            "description": "An offer that is read many times.",
            "price": {"asset": union.asset, "minor": "1000000"},
        }
        offer: dict[str, Any] = (await sessions[0].post(f"{path}/offers", draft, act=False)).checked().json()
        return [
            Reader(
                session.tokens.access_token,
                f"{path}/offers/{offer['id']}",
                f"{path}/accounts/{await account_of(session, path)}",
            )
            for session in sessions
        ]


async def account_of(session: Session, path: str) -> str:
    """The member's account, which the ledger opens when it hears of the membership."""
    deadline = time.monotonic() + EVENTS_SECONDS_MAX
    while time.monotonic() < deadline:
        answer = await session.get(f"{path}/accounts")
        if answer.is_ok and answer.json()["items"]:
            return str(answer.json()["items"][0]["id"])
        await asyncio.sleep(0.1)
    raise TimeoutError("the ledger has opened no account for a member")
