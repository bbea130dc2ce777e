"""One service across the network as an ASGI application: streams both ways, over all of its addresses.

Only what reads and what carries an Idempotency-Key is sent a second time, and only to another address; a
request whose connection was never made has not been sent, and goes on to another one whatever it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from chassis.network.connections import NEVER_SENT
from chassis.network.endpoints import Endpoint, Endpoints, Standing
from chassis.peers import PeerUnavailable
from gateway.network.body import ClientGone, RequestBody
from gateway.network.client_watch import ClientWatch
from gateway.network.headers import BY_THIS_HOP, TOLD_BY_THIS_HOP, Header, end_to_end

READS = frozenset({"GET", "HEAD", "OPTIONS"})
_WHOLE_BYTES_MAX = 65_536
"""An answer that says it is no longer goes out in one piece."""


@dataclass(frozen=True, slots=True)
class HopLimits:
    """Seconds: for a body to arrive, for an answer to begin, and between two parts of one."""

    request_body_max_bytes: int
    request_body_max_seconds: int
    answer_max_seconds: int
    answer_pause_max_seconds: int
    tries_max: int


class Upstream:
    """`endpoints` and `session` are those of the process. Raises PeerUnavailable, Problem."""

    def __init__(self, endpoints: Endpoints, session: aiohttp.ClientSession, limits: HopLimits) -> None:
        self._endpoints = endpoints
        self._session = session
        self._limits = limits
        self._timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=session.timeout.sock_connect,
            sock_read=limits.answer_pause_max_seconds,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self._limits
        body = RequestBody(scope, receive, limits.request_body_max_bytes, limits.request_body_max_seconds)
        try:
            await body.gather()
            if body.is_complete:
                with ClientWatch(receive):
                    await self._relay(scope, body, send)
            else:
                await self._relay(scope, body, send)
        except ClientGone:
            return

    async def _relay(self, scope: Scope, body: RequestBody, send: Send) -> None:
        answer = await self._asked(scope, body)
        is_whole = False
        try:
            await self._answer(answer, send)
            is_whole = body.is_complete
        finally:
            if is_whole:
                answer.release()
            else:
                answer.close()

    async def _asked(self, scope: Scope, body: RequestBody) -> aiohttp.ClientResponse:
        headers = end_to_end(scope["headers"], BY_THIS_HOP)
        seconds_max = self._limits.answer_max_seconds
        if not body.is_complete:
            seconds_max += self._limits.request_body_max_seconds
        tried: list[Endpoint] = []
        try:
            async with asyncio.timeout(seconds_max):
                while True:
                    endpoint = self._endpoints.choose(tried)
                    if endpoint is None:
                        raise PeerUnavailable(self._endpoints.service, "no address is left")
                    tried.append(endpoint)
                    try:
                        return await self._sent(endpoint, scope, headers, body)
                    except aiohttp.ClientError as error:
                        self._give_up_or_go_on(scope["method"], headers, body, tried, error)
        except TimeoutError:
            if tried:
                self._endpoints.mark(tried[-1], Standing.DOWN)
            raise PeerUnavailable(self._endpoints.service, f"no answer in {seconds_max} s") from None

    async def _sent(
        self, endpoint: Endpoint, scope: Scope, headers: list[Header], body: RequestBody
    ) -> aiohttp.ClientResponse:
        lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        length = len(body.kept) if body.kept is not None else body.declared_bytes
        if length is not None and (length or body.is_expected or scope["method"] not in READS):
            lines.append(("content-length", str(length)))
        data = body.kept or None if body.kept is not None else body.stream()
        return await self._session.request(
            scope["method"],
            _url(endpoint.origin, scope),
            headers=lines,
            data=data,
            allow_redirects=False,
            timeout=self._timeout,
        )

    def _give_up_or_go_on(
        self,
        method: str,
        headers: list[Header],
        body: RequestBody,
        tried: list[Endpoint],
        error: aiohttp.ClientError,
    ) -> None:
        if body.failure is not None:
            raise body.failure from error
        never_sent = isinstance(error, NEVER_SENT)
        if never_sent or isinstance(error, TimeoutError):
            self._endpoints.mark(tried[-1], Standing.DOWN)
        repeatable = method in READS or any(name == b"idempotency-key" for name, _ in headers)
        may_go_on = not body.has_begun and (never_sent or repeatable)
        is_another_left = len(tried) < min(self._limits.tries_max, len(self._endpoints.all))
        if not may_go_on or not is_another_left:
            raise PeerUnavailable(self._endpoints.service, repr(error)) from error

    async def _answer(self, answer: aiohttp.ClientResponse, send: Send) -> None:
        start = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": end_to_end(answer.raw_headers, TOLD_BY_THIS_HOP),
        }
        length = answer.content_length
        if length is not None and length <= _WHOLE_BYTES_MAX:
            try:
                content = await answer.read()
            except aiohttp.ClientError as error:
                raise PeerUnavailable(self._endpoints.service, repr(error)) from error
            await send(start)
            await send({"type": "http.response.body", "body": content})
            return
        await send(start)
        async for part in answer.content.iter_any():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _url(origin: str, scope: Scope) -> URL:
    """The path and query as they were sent, byte by byte: signatures cover them."""
    path: str = scope["raw_path"].decode("latin-1")
    query: bytes = scope["query_string"]
    return URL(f"{origin}{path}?{query.decode('latin-1')}" if query else origin + path, encoded=True)
