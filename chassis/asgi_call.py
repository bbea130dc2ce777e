"""Requests to an ASGI application in the same process, its answer in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp, Message

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CollectedAnswer:
    """Status, headers (lower case) and body of an answer."""

    status_code: int
    headers: dict[str, str]
    content: bytes


async def call(
    app: ASGIApp,
    method: str,
    path: str,
    headers: list[tuple[bytes, bytes]],
    content: bytes = b"",
    *,
    stays: bool = False,
) -> CollectedAnswer:
    """Ask `app` for a path of its own, with these headers. A failure in it is its 500.

    `stays`: the client is there until it has its answer, for an application that watches whether it leaves.
    """
    bare, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": None,
        "state": {},
    }
    answer = _Answering(content, stays)
    try:
        await app(scope, answer.receive, answer.send)
    except Exception:
        if answer.status_code != 500:
            raise
        logger.debug("an application failed and has answered 500", path=path, exc_info=True)
    return CollectedAnswer(answer.status_code, answer.headers, b"".join(answer.parts))


class _Answering:
    """One request's two channels."""

    def __init__(self, content: bytes, stays: bool) -> None:
        self._stays = stays
        self.status_code = 0
        self.headers: dict[str, str] = {}
        self.parts: list[bytes] = []
        self._content: bytes | None = content

    async def receive(self) -> Message:
        content, self._content = self._content, None
        if content is None:
            if self._stays:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status_code = message["status"]
            for name, value in message["headers"]:
                self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))


class InProcessClient:
    """What `chassis.peers` calls another service by, where it is an application of this process."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host.encode()

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> CollectedAnswer:
        """Raises TimeoutError when the answer takes longer than `timeout` seconds."""
        body = content or b""
        lines = [(b"host", self._host)]
        if body or method not in {"GET", "HEAD", "DELETE"}:
            lines.append((b"content-length", str(len(body)).encode()))
        lines += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        async with asyncio.timeout(timeout):
            return await call(self._app, method, url, lines, body)
