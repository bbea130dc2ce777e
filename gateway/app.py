"""The gateway as one small ASGI application: host, limits, token, route; answers pass through untouched."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.address_ranges import read_networks
from chassis.background import Background
from chassis.clock import Clock
from chassis.peers import PeerUnavailable, ServiceTokens
from chassis.problems import (
    BODY_TOO_LARGE,
    INTERNAL,
    NOT_FOUND,
    UNAVAILABLE,
    Problem,
    ProblemType,
)
from chassis.revocations.follower import RevocationFollower
from gateway.acts.app import answer_device_acts
from gateway.exchange import Exchanged, TokenExchange
from gateway.gathering import Asking
from gateway.home.app import answer_home
from gateway.limits import RequestLimits, address_scope
from gateway.live.app import LiveEvents
from gateway.live.callers import caller_of_token, nobody
from gateway.proxies import client_address
from gateway.request_headers import (
    ADDRESS,
    VOUCHER,
    RequestHeaders,
    address_of,
    bearer_of,
    host_name,
    read_headers,
)
from gateway.routing import IDENTITY, LIVE_EVENTS, device_acts_of, home_of, service_of
from gateway.settings import GatewaySettings

logger = structlog.get_logger(__name__)

WRONG_HOST = ProblemType(
    "wrong-host", 421, "This deployment has another name", "It is reached at {public_url}."
)
SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
NOT_KEPT = (b"cache-control", b"no-store")
"""What says nothing of caches is somebody's own, or changes at any moment: no cache keeps it."""


class Gateway:
    """Public requests in, a service's answers out."""

    def __init__(
        self,
        settings: GatewaySettings,
        services: Mapping[str, ASGIApp],
        pages: ASGIApp,
        exchange: TokenExchange,
        revocations: RevocationFollower,
        live: LiveEvents,
        tokens: ServiceTokens,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._services = services
        self._pages = pages
        self._exchange = exchange
        self._revocations = revocations
        self._live = live
        self._tokens = tokens
        self._clock = clock
        self._limits = RequestLimits(settings, clock)
        self._proxies = read_networks(settings.trusted_proxies)
        self._hosts = frozenset(name.encode() for name in settings.host_names())
        self._body_max_bytes = settings.request_body_max_bytes
        is_https = settings.public_url.startswith("https:")
        self._security_headers = [*SECURITY_HEADERS, HTTPS_ONLY] if is_https else SECURITY_HEADERS

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """What goes on beside the requests: the gateway hears of what has ended."""
        background = Background("gateway")
        background.run("revocations", self._revocations.run())
        try:
            yield
        finally:
            await background.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return
        more: list[tuple[bytes, bytes]] = [*self._security_headers]
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message["headers"] = [*message["headers"], *more]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(NOT_KEPT)
            await send(message)

        try:
            await self._serve(scope, receive, send_with_headers, more)
        except Problem as problem:
            if started:
                raise
            await problem.response()(scope, receive, send_with_headers)
        except PeerUnavailable as error:
            logger.warning("a service did not answer", reason=str(error))
            await Problem(UNAVAILABLE, headers={"Retry-After": "1"}).response()(
                scope, receive, send_with_headers
            )
        except Exception:
            logger.exception("gateway failed", path=scope["path"])
            if started:
                raise
            await Problem(INTERNAL).response()(scope, receive, send_with_headers)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, more: list[tuple[bytes, bytes]]
    ) -> None:
        request = read_headers(scope["headers"])
        if host_name(request.host) not in self._hosts:
            raise Problem(WRONG_HOST, {"public_url": self._settings.public_url})
        if request.declared_bytes > self._body_max_bytes:
            raise Problem(BODY_TOO_LARGE, {"limit_bytes": self._body_max_bytes})
        if self._proxies and request.forwarded_for:
            address = client_address(address_of(scope), request.forwarded_for, self._proxies)
            scope = {**scope, "client": (address, 0)}
        if scope["path"] == LIVE_EVENTS:
            await self._serve_live(scope, receive, send, request, more)
            return
        if home_of(scope["path"]) is not None or device_acts_of(scope["path"]) is not None:
            await self._serve_gathered(scope, receive, send, request, more)
            return
        service = service_of(scope["path"])
        if service is not None and request.authorization:
            exchanged = await self._exchanged(scope, request, service)
            assert exchanged.token is not None
            request.kept.append((b"authorization", exchanged.token))
            more.append((b"ratelimit", self._limits.take_for_member(exchanged.member_id)))
        else:
            limited = self._limits.take_for_address(address_of(scope), request.forwarded)
            if limited is not None:
                more.append((b"ratelimit", limited))
        if service is None:
            await self._pages(scope, receive, send)
            return
        application = self._services.get(service)
        if application is None:
            raise Problem(NOT_FOUND)
        if service == IDENTITY:
            self._vouch(scope, request)
        inner = dict(scope)
        inner["headers"] = request.kept
        inner["state"] = {}
        await application(inner, receive, send)

    def _vouch(self, scope: Scope, request: RequestHeaders) -> None:
        """Tell identity whose request it is, under the gateway's own key."""
        voucher = self._tokens.token_for(IDENTITY, member_id=None, intent_id=None)
        request.kept.append((VOUCHER, voucher.encode()))
        counted = self._limits.counted_scope(address_of(scope), request.forwarded)
        if counted is not None:
            request.kept.append((ADDRESS, counted.encode()))

    async def _serve_live(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        request: RequestHeaders,
        more: list[tuple[bytes, bytes]],
    ) -> None:
        """The live stream of events is the gateway's own."""
        asked = self._live.asked(scope)
        if request.authorization:
            exchanged = await self._exchanged(scope, request, IDENTITY)
            more.append((b"ratelimit", self._limits.take_for_member(exchanged.member_id)))
            caller = caller_of_token(exchanged, bearer_of(request.authorization))
        else:
            address = address_of(scope)
            limited = self._limits.take_for_address(address, request.forwarded)
            if limited is not None:
                more.append((b"ratelimit", limited))
            if asked.ticket is not None:
                caller = await self._live.caller_of_ticket(asked.ticket)
            else:
                counted_as = None if limited is None else address_scope(address)
                caller = nobody(counted_as, self._clock.now(), self._settings.live_stream_max_seconds)
        await self._live.answer(scope, receive, send, caller, asked)

    async def _serve_gathered(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        request: RequestHeaders,
        more: list[tuple[bytes, bytes]],
    ) -> None:
        """A home, or what a device signed: asked of the services, each with a token of its own."""
        member_token = bearer_of(request.authorization)
        exchanged = await self._exchanged(scope, request, IDENTITY)
        more.append((b"ratelimit", self._limits.take_for_member(exchanged.member_id)))

        async def token_of(service: str) -> bytes | None:
            return (await self._exchange.exchanged(member_token, service)).token

        asking = Asking(self._services, self._settings.home_wait_ms / 1_000, request.kept, token_of)
        if device_acts_of(scope["path"]) is not None:
            made = await answer_device_acts(asking, scope)
        else:
            made = await answer_home(asking, scope, exchanged.member_id)
        await made(scope, receive, send)

    def stop_streams(self) -> None:
        """Have every live stream end: a server that waits for its requests would wait for them."""
        self._live.stop()

    async def _exchanged(self, scope: Scope, request: RequestHeaders, service: str) -> Exchanged:
        """The service's own token in place of the member's. Raises Problem 401, 429.

        A bad token counts for its address, so that guessing is as limited as asking without one.
        """
        member_token = bearer_of(request.authorization)
        exchanged = self._exchange.held(member_token, service)
        if exchanged is None:
            self._limits.check_address(address_of(scope), request.forwarded)
            exchanged = await self._exchange.exchanged(member_token, service)
        if exchanged.token is None:
            self._limits.take_for_address(address_of(scope), request.forwarded)
            raise exchanged.problem()
        return exchanged
