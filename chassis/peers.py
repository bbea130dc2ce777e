"""Calls from one service to another, under the caller's own key (design, decision 9).

How a call travels is behind this module: in one process to the other service's ASGI application.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
import orjson

from chassis.telemetry.trace import trace_now
from chassis.telemetry.tracing import Kind, traced


class PeerUnavailable(Exception):
    """The other service gave no definite answer: it may or may not have acted."""

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"{service} does not answer: {reason}")
        self.service = service


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """A definite answer (status below 500, not 429)."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return self.status < 400


class ServiceTokens(Protocol):
    """Issues this service's short-lived tokens for a peer."""

    def token_for(self, audience: str, *, member_id: UUID | None, intent_id: UUID | None) -> str: ...


class PeerReply(Protocol):
    """What came back."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...


class PeerClient(Protocol):
    """The way to one service: an application in this process; an httpx.AsyncClient fits, too."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> PeerReply: ...


class PeerTransports(Protocol):
    """The way to each service."""

    def client(self, service: str) -> PeerClient: ...


class Peers:
    """What a service uses to ask another one."""

    def __init__(self, transports: PeerTransports, tokens: ServiceTokens, timeout_seconds: float) -> None:
        self._transports = transports
        self._tokens = tokens
        self._timeout_seconds = timeout_seconds

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        member_id: UUID | None = None,
        intent_id: UUID | None = None,
    ) -> PeerAnswer:
        """Ask once. Raises PeerUnavailable where it is not certain what the other service did."""
        with traced(f"call {service}", Kind.CLIENT, attributes={"http.request.method": method}):
            return await self._ask(service, method, path, body, member_id, intent_id)

    async def _ask(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        member_id: UUID | None,
        intent_id: UUID | None,
    ) -> PeerAnswer:
        token = self._tokens.token_for(service, member_id=member_id, intent_id=intent_id)
        headers = {"authorization": f"Bearer {token}", "traceparent": trace_now().traceparent}
        content = None
        if body is not None:
            headers["content-type"] = "application/json"
            content = orjson.dumps(body, default=str)
        try:
            response = await self._transports.client(service).request(
                method, path, content=content, headers=headers, timeout=self._timeout_seconds
            )
        except (TimeoutError, OSError, httpx.HTTPError) as error:
            raise PeerUnavailable(service, repr(error)) from error
        if response.status_code >= 500 or response.status_code in {408, 425, 429}:
            raise PeerUnavailable(service, f"status {response.status_code}")
        try:
            answered = orjson.loads(response.content) if response.content else None
        except orjson.JSONDecodeError as error:
            raise PeerUnavailable(service, f"status {response.status_code} and no JSON") from error
        return PeerAnswer(response.status_code, answered)
