"""The way to a deployment: a bounded number of kept-alive connections, each lent to one request at a time.

httpx's own pool looks through all its connections at every request, which at 32 at once costs more than the
request itself; here each slot is a transport with a single connection, and the last one used comes first.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

import httpx

from guildhall.client.answer import Answer, Unreachable

# What httpx sends as it stands; of anything else it makes this first, and a signature is over what is sent.
_AS_SENT = re.compile(
    r"(?:/(?:[A-Za-z0-9_~!$&'()*+,;=:@-]|%[0-9A-F]{2})[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+(?:\?[A-Za-z0-9._~&=:@%/-]+)?"
)

TransportMaker = Callable[[], httpx.AsyncBaseTransport]


class Connections:
    """Sends requests to the deployment at `base_url`; for use in one event loop."""

    def __init__(
        self,
        base_url: str,
        *,
        connections_max: int = 32,
        timeout_seconds: float = 30,
        make_transport: TransportMaker | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        self.base_url = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.netloc.encode()
        self._extensions = {
            "timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout_seconds),
        }
        make = make_transport or _single_connection
        self._transports = [make() for _ in range(connections_max)]
        self._free: asyncio.LifoQueue[httpx.AsyncBaseTransport] = asyncio.LifoQueue()
        for transport in self._transports:
            self._free.put_nowait(transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        for transport in self._transports:
            await transport.aclose()

    async def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send one request, once; `path` is as `path_as_sent` makes it. Raises Unreachable."""
        lines = [
            (b"host", self._host),
            (b"accept", b"application/json"),
            (b"user-agent", b"guildhall-client"),
        ]
        if body or method not in {"GET", "HEAD", "DELETE"}:
            lines.append((b"content-length", str(len(body)).encode()))
        sent = dict(headers or {})
        if body:
            sent.setdefault("content-type", "application/json")
        lines += [(name.encode(), value.encode()) for name, value in sent.items()]
        request = httpx.Request(
            method,
            f"{self.base_url}{path}",
            headers=lines,
            stream=httpx.ByteStream(body),
            extensions=self._extensions,
        )
        transport = await self._free.get()
        try:
            response = await transport.handle_async_request(request)
            content = await response.aread()
        except (httpx.TransportError, OSError) as error:
            raise Unreachable(method, path, repr(error)) from error
        finally:
            self._free.put_nowait(transport)
        return Answer(method, path, response.status_code, response.headers, content)


def path_as_sent(path: str) -> str:
    """The path and query as they go over the wire: percent-encoded, without dot segments."""
    if _AS_SENT.fullmatch(path):
        return path
    normal = httpx.URL(f"http://host{path}").raw_path.decode("ascii").removesuffix("?")
    return quote(normal, safe="/?%:@!$&'()*+,;=-._~")


def _single_connection() -> httpx.AsyncBaseTransport:
    return httpx.AsyncHTTPTransport(
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60)
    )
