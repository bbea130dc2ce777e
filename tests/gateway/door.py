"""A gateway of its own: one service that echoes, one identity that exchanges what it is told."""

from __future__ import annotations

import asyncio
import base64
import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import orjson
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from chassis.bus.postgres.transport import PostgresTransport
from chassis.clock import ManualClock
from chassis.files import FileSettings
from chassis.ids import IdSource
from chassis.peers import PeerAnswer, Peers, PeerUnavailable
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import PeerLog
from chassis.revocations.view import RevocationView
from chassis.service import Surroundings
from gateway.app import Gateway
from gateway.exchange import TokenExchange
from gateway.live.app import LiveEvents
from gateway.settings import GatewaySettings
from guildhall.embedded.deployment import InProcessTransports
from guildhall.postgres.roles import SERVICES
from guildhall.reading_settings import read_settings

PUBLIC_URL = "http://guild.example"
NOWHERE = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"


@dataclass
class Echo:
    """A service that answers with what it was asked; `answer_headers` are its own."""

    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answer_headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    fails: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.fails:
            raise RuntimeError("broken")
        asked = {name: scope[name] for name in ("path", "headers", "state", "client")}
        self.asked.append(asked)
        headers = [(b"content-type", b"application/json"), *self.answer_headers]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    def header(self, name: bytes) -> list[bytes]:
        """The values of a header in the last request."""
        return [value for key, value in self.asked[-1]["headers"] if key == name]


def session_of(token: str) -> UUID:
    """The session that a member's token belongs to."""
    return UUID(bytes=token.encode().ljust(16, b"-")[:16])


@dataclass
class Exchanger:
    """Identity's edge: exchanges `tokens` (by member), refuses every other; counts how often it is asked."""

    clock: ManualClock
    tokens: dict[str, str] = field(default_factory=lambda: {"good": "member-1", "other": "member-2"})
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    is_away: bool = False
    expires_in: int = 60

    async def call(
        self, service: str, method: str, path: str, body: dict[str, Any] | None = None
    ) -> PeerAnswer:
        assert (service, method, path) == ("identity", "POST", "/internal/token-exchange")
        assert body is not None
        await asyncio.sleep(0)
        if self.is_away:
            raise PeerUnavailable("identity", "it is away")
        token, audience = body["subject_token"], body["audience"]
        self.asked.append((token, audience))
        if token not in self.tokens:
            return PeerAnswer(400, {"type": "/problems/x", "detail": "the session has ended"})
        device = {"jkt": f"device of {token}"}
        said = {"sub": self.tokens[token], "sid": str(session_of(token)), "cnf": device}
        claims = base64.urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=").decode()
        internal = f"{audience}.{claims}.{len(self.asked)}"
        return PeerAnswer(200, {"access_token": internal, "expires_in": self.expires_in})


class Vouching:
    """The gateway's own key."""

    def token_for(self, audience: str, *, member_id: UUID | None, intent_id: UUID | None) -> str:
        return f"gateway to {audience}"


@dataclass
class Door:
    """A gateway, what stands behind it, and clients of it."""

    gateway: Gateway
    service: Echo
    identity: Exchanger
    clock: ManualClock
    exchange: TokenExchange
    revocations: RevocationFollower

    def client(self, address: str = "127.0.0.1", host: str = "guild.example") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.gateway, client=(address, 40_000))  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


def make_door(clock: ManualClock, **given: Any) -> Door:
    """Market, identity and the pages are all the one service that echoes."""
    given = {
        "public_url": PUBLIC_URL,
        "service_key_file": "x",
        "service_keys_file": "x",
        "bus_url": "postgresql://nowhere",
    } | given
    settings = read_settings(GatewaySettings, None, **given)
    identity = Exchanger(clock)
    peers = cast("Peers", identity)
    revocations = RevocationFollower(
        RevocationView(clock, with_memberships=False), PeerLog(peers), settings, "gateway"
    )
    exchange = TokenExchange(
        peers, clock, revocations, settings.exchange_cache_max_count, settings.exchange_margin_seconds
    )
    service = Echo()
    bus = PostgresTransport(NOWHERE, clock, UUID(int=1), other_processes=False)
    live = LiveEvents(settings, bus, peers, revocations, clock)
    services = {"market": service, "identity": service}
    gateway = Gateway(settings, services, service, exchange, revocations, live, Vouching(), clock)
    return Door(gateway, service, identity, clock, exchange, revocations)


def unconnected_services(keys_folder: Path, clock: ManualClock) -> dict[str, FastAPI]:
    """Every service as an application; none has a database."""
    from chassis.auth.service_keys import provision_service_keys

    keys_file = provision_service_keys(keys_folder, (*SERVICES, "gateway"))
    ids = IdSource(clock)
    bus = PostgresTransport(NOWHERE, clock, ids.new(), other_processes=False)
    surroundings = Surroundings(clock, ids, InProcessTransports(), bus)
    services: dict[str, FastAPI] = {}
    for name in SERVICES:
        kind = getattr(importlib.import_module(f"services.{name}.settings"), f"{name.capitalize()}Settings")
        settings = read_settings(
            kind,
            None,
            public_url=PUBLIC_URL,
            database_url=NOWHERE,
            owner_database_url=NOWHERE,
            bus_url=NOWHERE,
            service_key_file=keys_folder / f"{name}.pem",
            service_keys_file=keys_file,
            **({"files_folder": keys_folder / "files"} if issubclass(kind, FileSettings) else {}),
        )
        services[name] = importlib.import_module(f"services.{name}.app").create_app(settings, surroundings)
    return services
