"""Finds the addresses of every service anew every few seconds, and looks which of them are ready."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

import structlog

from chassis.background import Background
from chassis.network.endpoints import Endpoint, Endpoints, Standing

logger = structlog.get_logger(__name__)

Look = Callable[[Endpoint], Awaitable[Standing]]
"""Asks an address whether it is ready; whatever goes wrong is DOWN."""


class Directory:
    """`origins`: by service, `http://host:port`; a host that is a name stands for all of its addresses."""

    def __init__(
        self,
        origins: Mapping[str, Sequence[str]],
        look: Look,
        *,
        resolve_seconds: float,
        probe_seconds: float,
    ) -> None:
        self._origins = origins
        self._look = look
        self._resolve_seconds = resolve_seconds
        self._probe_seconds = probe_seconds
        self._endpoints = {service: Endpoints(service) for service in origins}
        self._lost: set[str] = set()
        self._background = Background("network")

    def of(self, service: str) -> Endpoints:
        return self._endpoints[service]

    async def open(self) -> None:
        """Looks once, so that the first request has somewhere to go, then again and again."""
        await self.resolve()
        self._background.every(self._resolve_seconds, "addresses", self.resolve)
        self._background.every(self._probe_seconds, "readiness", self.probe)

    async def close(self) -> None:
        await self._background.stop()

    async def resolve(self) -> None:
        await asyncio.gather(*(self._resolve(service) for service in self._origins))

    async def probe(self) -> None:
        """Takes out what does not answer, and back in what does again."""
        await asyncio.gather(
            *(
                self._probe(endpoints, endpoint)
                for endpoints in self._endpoints.values()
                for endpoint in endpoints.all
            )
        )

    async def _resolve(self, service: str) -> None:
        """Where a name cannot be found just now, what was known of the service stays."""
        found = await asyncio.gather(*(self._addresses(origin) for origin in self._origins[service]))
        origins = [origin for addresses in found for origin in addresses]
        if origins:
            self._endpoints[service].set_origins(origins)

    async def _probe(self, endpoints: Endpoints, endpoint: Endpoint) -> None:
        standing = await self._look(endpoint)
        if standing != endpoint.standing:
            logger.warning(
                "an address changed",
                service=endpoints.service,
                address=endpoint.origin,
                standing=standing.name.lower(),
            )
        endpoints.mark(endpoint, standing)

    async def _addresses(self, origin: str) -> list[str]:
        """`http://address:port` of each; none where the name cannot be found, which is said once."""
        parts = urlsplit(origin)
        assert parts.hostname is not None and parts.port is not None
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                parts.hostname, parts.port, type=socket.SOCK_STREAM
            )
        except OSError as error:
            if origin not in self._lost:
                self._lost.add(origin)
                logger.warning("a service's name has no address", origin=origin, reason=str(error))
            return []
        self._lost.discard(origin)
        hosts = sorted({str(sockaddr[0]) for *_, sockaddr in found})
        return [f"http://{f'[{host}]' if ':' in host else host}:{parts.port}" for host in hosts]
