"""Requests to addresses that members named: connected to public addresses alone, never led elsewhere."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from chassis.egress.addresses import is_reachable
from chassis.egress.urls import UrlRefused, checked_url

if TYPE_CHECKING:
    from collections.abc import Mapping

URL_BYTES_MAX = 8_192
_HEADER_BYTES_MAX = 8_190


class EgressFailed(Exception):
    """Nothing was answered. `reason` says why, in words that tell nothing of this deployment's network."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AddressRefused(OSError):
    """A name stands for no address that may be reached."""


@dataclass(frozen=True, slots=True)
class EgressAnswer:
    """Status and headers (names in lower case); the body was read up to the limit and dropped."""

    status: int
    headers: Mapping[str, str]
    took_ms: int


@dataclass(frozen=True, slots=True)
class EgressLimits:
    """`loopback_allowed`, and with it plain http, is for tests alone."""

    timeout_seconds: float
    answer_max_bytes: int
    connections_max: int
    loopback_allowed: bool = False


class EgressClient:
    """No redirects, no proxies of the environment, no cookies, nothing decompressed. Close it."""

    def __init__(self, limits: EgressLimits) -> None:
        self._limits = limits
        self._resolver = _CheckedResolver(limits.loopback_allowed)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> EgressAnswer:
        """Send once. Raises UrlRefused, EgressFailed."""
        checked_url(url, bytes_max=URL_BYTES_MAX, loopback_allowed=self._limits.loopback_allowed)
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self._limits.timeout_seconds),
                self._opened().post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                await self._drop(answer)
                took_ms = round((time.monotonic() - began) * 1_000)
                kept = {name.lower(): value for name, value in answer.headers.items()}
                return EgressAnswer(answer.status, kept, took_ms)
        except TimeoutError:
            raise EgressFailed(f"no answer within {self._limits.timeout_seconds:g} seconds") from None
        except aiohttp.ClientError as error:
            raise EgressFailed(_told(error)) from error
        except (OSError, ValueError) as error:
            raise EgressFailed("the connection failed") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _drop(self, answer: aiohttp.ClientResponse) -> None:
        """An answer that does not end is not waited for: what is beyond the limit is never read."""
        left = self._limits.answer_max_bytes
        while left > 0:
            read = await answer.content.read(left)
            if not read:
                return
            left -= len(read)
        answer.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=self._resolver,
                use_dns_cache=False,
                limit=self._limits.connections_max,
                socket_factory=self._socket,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=False,
                auto_decompress=False,
                max_line_size=_HEADER_BYTES_MAX,
                max_field_size=_HEADER_BYTES_MAX,
            )
        return self._session

    def _socket(self, address: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        """The last look: whatever chose the address, this is the one that is connected to."""
        family, kind, protocol, _, to = address
        if not is_reachable(str(to[0]), loopback_allowed=self._limits.loopback_allowed):
            raise AddressRefused("not a public address")
        return socket.socket(family, kind, protocol)


class _CheckedResolver(AbstractResolver):
    """Asks the system, and hands on what may be reached. The addresses that it returns are connected to."""

    def __init__(self, loopback_allowed: bool) -> None:
        self._loopback_allowed = loopback_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
        )
        reached = [
            ResolveResult(
                hostname=host,
                host=str(to[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, to in found
            if is_reachable(str(to[0]), loopback_allowed=self._loopback_allowed)
        ]
        if not reached:
            raise AddressRefused("its name stands for no public address")
        return reached

    async def close(self) -> None:
        return


def _told(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressRefused):
        return "its name stands for no public address"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate is not accepted"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no connection"
    return "the connection was broken off"


__all__ = ["AddressRefused", "EgressAnswer", "EgressClient", "EgressFailed", "EgressLimits", "UrlRefused"]
