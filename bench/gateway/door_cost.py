"""The CPU that the gateway itself adds to a request: the same application called directly, and through it."""

from __future__ import annotations

import asyncio
import base64
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import orjson
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.bus.transport import Transport
from chassis.clock import SystemClock
from chassis.peers import PeerAnswer, Peers, ServiceTokens
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import PeerLog
from chassis.revocations.view import RevocationView
from gateway.app import Gateway
from gateway.exchange import TokenExchange
from gateway.live.app import LiveEvents
from gateway.settings import GatewaySettings

_BODY = b'{"id":"0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f","state":"open"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"62"), (b"x-request-id", b"a" * 32)]
_PATH = "/v1/unions/0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f/offers/0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"
ROUNDS = 5


async def _service(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
    await send({"type": "http.response.body", "body": _BODY})


class _Identity:
    """Exchanges every token, so that the cache is warm after the first."""

    async def call(self, *_: object, **__: object) -> PeerAnswer:
        somebody = "0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"
        said = {"sub": somebody, "sid": somebody, "cnf": {"jkt": "x" * 43}}
        claims = base64.urlsafe_b64encode(orjson.dumps(said))
        return PeerAnswer(200, {"access_token": f"e30.{claims.decode()}.c2ln", "expires_in": 86_400})


def door_microseconds(requests: int) -> float:
    """The least of some rounds: what a busy machine adds is not the gateway's."""
    return asyncio.run(_measure(requests))


async def _measure(requests: int) -> float:
    clock = SystemClock()
    settings = GatewaySettings(  # pyright: ignore[reportCallIssue]
        bus_url=SecretStr("unused"),
        service_key_file=Path("unused"),
        service_keys_file=Path("unused"),  # pyright: ignore[reportCallIssue]
        requests_per_minute_per_member_max=1_000_000_000,
    )
    peers = cast("Peers", _Identity())
    revocations = RevocationFollower(RevocationView(clock), PeerLog(peers), settings, "gateway")
    exchange = TokenExchange(peers, clock, revocations, 1_000, settings.exchange_margin_seconds)
    live = LiveEvents(settings, cast("Transport", None), peers, revocations, clock)
    tokens = cast("ServiceTokens", None)
    gateway = Gateway(settings, {"market": _service}, _service, exchange, revocations, live, tokens, clock)
    scope = _scope()
    await _ask(gateway, scope)
    differences: list[float] = []
    for _ in range(ROUNDS):
        direct = await _timed(_service, scope, requests)
        differences.append(await _timed(gateway, scope, requests) - direct)
    return min(differences) / requests * 1e6


async def _timed(app: ASGIApp, scope: Scope, requests: int) -> float:
    began = time.process_time()
    for _ in range(requests):
        await _ask(app, scope)
    return time.process_time() - began


async def _ask(app: ASGIApp, scope: Scope) -> None:
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(dict(scope), receive, send)
    assert statuses == [200]


def _scope() -> dict[str, Any]:
    token = base64.urlsafe_b64encode(datetime(2027, 3, 1, tzinfo=UTC).isoformat().encode() * 16)
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": _PATH,
        "raw_path": _PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 40_000),
        "server": ("127.0.0.1", 8_080),
        "headers": [
            (b"host", b"localhost:8080"),
            (b"accept", b"application/json"),
            (b"user-agent", b"guildhall-client"),
            (b"authorization", b"Bearer " + token),
        ],
    }
