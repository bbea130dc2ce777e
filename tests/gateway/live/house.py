"""Live events on a listed bus, with an identity that tells what a test says."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import orjson
from starlette.types import Receive, Scope, Send

from chassis.bus.transport import Transport
from chassis.clock import ManualClock
from chassis.peers import PeerAnswer, Peers, PeerUnavailable
from chassis.problems import Problem
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import PeerLog, Revocation, RevocationKind, RevocationPage
from chassis.revocations.view import RevocationView
from events.identity import MembershipState, UnionState
from gateway.live.app import LiveEvents
from gateway.live.callers import LiveCaller
from gateway.settings import GatewaySettings
from guildhall.reading_settings import read_settings
from tests.gateway.live.bus import A_UNION, MEMBER, NOON, UNION, ListedBus
from tests.support.live import LiveReader, opened

SESSION = UUID(int=50)
DEVICE = "device"


def membership(
    member: UUID, version: int = 1, state: str = "active", role: str = "member"
) -> MembershipState:
    return MembershipState(
        union_id=UNION,
        member_id=member,
        version=version,
        state=state,
        role=role,
        charter_version=1,
        by_founder_invitation=False,
        joined_at=NOON,
        changed_at=NOON,
    )


def union(version: int = 1, **parameters: str) -> UnionState:
    said = A_UNION | {"union_id": UNION, "version": version, "parameters": parameters}
    return UnionState.model_validate(said)


@dataclass
class Told:
    """What identity answers."""

    unions: dict[str, UnionState] = field(default_factory=lambda: {"weavers": union(), str(UNION): union()})
    memberships: dict[UUID, list[MembershipState]] = field(
        default_factory=lambda: {MEMBER: [membership(MEMBER)]}
    )
    tickets: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    asked: list[str] = field(default_factory=list[str])
    is_away: bool = False
    silent_about: set[str] = field(default_factory=set[str])
    """Unions of which it does not tell just now."""

    async def call(
        self, service: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> PeerAnswer:
        self.asked.append(path)
        if self.is_away:
            raise PeerUnavailable(service, "it is away")
        if path.startswith("/internal/unions/"):
            name = path.rpartition("/")[2]
            if name in self.silent_about:
                raise PeerUnavailable(service, "it does not answer that")
            known = self.unions.get(name)
            return PeerAnswer(404, {}) if known is None else PeerAnswer(200, _json(known))
        assert path.startswith("/internal/members/"), path
        items = [_json(one) for one in self.memberships.get(UUID(path.split("/")[3]), [])]
        return PeerAnswer(200, {"items": items, "next_after": None})


def _json(event: MembershipState | UnionState) -> Any:
    return orjson.loads(event.model_dump_json())


@dataclass
class LiveHouse:
    """The streams of one gateway. `open(...)` opens one as whoever is given."""

    live: LiveEvents
    bus: ListedBus
    identity: Told
    clock: ManualClock
    view: RevocationView

    def member(self, member: UUID = MEMBER, seconds: float = 600) -> LiveCaller:
        until = (self.clock.now() + timedelta(seconds=seconds)).timestamp()
        return LiveCaller(str(member), until, member, SESSION, DEVICE)

    @asynccontextmanager
    async def open(
        self, caller: LiveCaller | None = None, query: str = "", headers: Mapping[str, str] | None = None
    ) -> AsyncGenerator[LiveReader]:
        one = caller or LiveCaller(None, math.inf)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await self.live.answer(scope, receive, send, one, self.live.asked(scope))
            except Problem as problem:
                await problem.response()(scope, receive, send)

        async with opened(app, query, headers) as reader:
            if reader.status == 200:
                await reader.frame()
            yield reader

    def hear(self, *entries: Revocation, age_seconds: float = 0) -> None:
        """The log is heard of, so long ago."""
        page = RevocationPage(entries, len(entries), len(entries), 0)
        self.view.position = 0
        self.view.take(page, time.monotonic() - age_seconds)

    def ended(self, kind: RevocationKind, subject: object, version: int = 0, state: str = "") -> Revocation:
        return Revocation(1, kind, str(subject), MEMBER, NOON + timedelta(hours=1), version, state)


def make_live(clock: ManualClock, **given: int) -> LiveHouse:
    files = {"service_key_file": "x", "service_keys_file": "x", "bus_url": "postgresql://nowhere"}
    preset: dict[str, Any] = files | {"live_heartbeat_seconds": 1}
    settings = read_settings(GatewaySettings, None, **(preset | given))
    bus, identity, view = ListedBus(), Told(), RevocationView(clock, with_memberships=False)
    peers = cast("Peers", identity)
    follower = RevocationFollower(view, PeerLog(peers), settings, "gateway")
    live = LiveEvents(settings, cast("Transport", bus), peers, follower, clock)
    house = LiveHouse(live, bus, identity, clock, view)
    house.hear()
    return house


async def settled() -> None:
    """Until what is under way in this loop has come to rest."""
    for _ in range(20):
        await asyncio.sleep(0)
