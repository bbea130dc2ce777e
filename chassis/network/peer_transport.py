"""Calls between services across the network: httpx on aiohttp's connections, over all addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from chassis.network.connections import NEVER_SENT, look_at, open_session
from chassis.network.directory import Directory
from chassis.network.endpoints import Endpoint, Endpoints, Standing
from chassis.network.settings import NetworkSettings

REPEATABLE = frozenset({"GET", "HEAD"})


class NoAddress(OSError):
    """The name of the service leads nowhere."""


class NetworkPeer:
    """The way to one service: `chassis.peers.PeerClient`."""

    def __init__(self, endpoints: Endpoints, client: httpx.AsyncClient, tries_max: int) -> None:
        self._endpoints = endpoints
        self._client = client
        self._tries_max = tries_max

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """Raises OSError, TimeoutError or httpx.HTTPError where there is no answer.

        A call that never left goes to another address; one that may have been heard only where it reads.
        """
        tried: list[Endpoint] = []
        try:
            async with asyncio.timeout(timeout):
                while True:
                    endpoint = self._endpoints.choose(tried)
                    if endpoint is None:
                        raise NoAddress(f"{self._endpoints.service} has no address")
                    tried.append(endpoint)
                    try:
                        return await self._client.request(
                            method, endpoint.origin + url, content=content, headers=dict(headers or {})
                        )
                    except httpx.HTTPError as error:
                        self._give_up_or_go_on(method, tried, error)
        except TimeoutError:
            if tried:
                self._endpoints.mark(tried[-1], Standing.DOWN)
            raise

    def _give_up_or_go_on(self, method: str, tried: list[Endpoint], error: httpx.HTTPError) -> None:
        # httpx-aiohttp tells of a broken connection as of one that was never made: the cause knows better.
        never_sent = isinstance(error.__cause__, NEVER_SENT)
        if never_sent:
            self._endpoints.mark(tried[-1], Standing.DOWN)
        may_repeat = never_sent or method in REPEATABLE
        if not may_repeat or len(tried) >= self._tries_max or len(tried) >= len(self._endpoints.all):
            raise error


class NetworkTransports:
    """The way to each service across the network: `chassis.peers.PeerTransports`."""

    def __init__(
        self, settings: NetworkSettings, session: aiohttp.ClientSession, directory: Directory
    ) -> None:
        self.session = session
        self.directory = directory
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=session, verify=False, trust_env=False),
            timeout=httpx.Timeout(None),  # the caller's own bound is around the whole call
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        self._peers = {
            service: NetworkPeer(directory.of(service), self._client, settings.tries_max)
            for service in settings.origins()
        }

    def client(self, service: str) -> NetworkPeer:
        return self._peers[service]


@asynccontextmanager
async def network_transports(settings: NetworkSettings) -> AsyncGenerator[NetworkTransports]:
    """Connections and looks at addresses, for as long as this is entered."""
    async with open_session(settings) as session:

        async def look(endpoint: Endpoint) -> Standing:
            return await look_at(session, endpoint, settings.probe_timeout_ms / 1_000)

        directory = Directory(
            settings.origins(),
            look,
            resolve_seconds=settings.resolve_seconds,
            probe_seconds=settings.probe_seconds,
        )
        transports = NetworkTransports(settings, session, directory)
        await directory.open()
        try:
            yield transports
        finally:
            await directory.close()
