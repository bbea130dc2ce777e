"""Pooled connections to services: what the calls between them and the gateway's hop have in common."""

from __future__ import annotations

import aiohttp
from yarl import URL

from chassis.network.endpoints import Endpoint, Standing
from chassis.network.settings import NetworkSettings

NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""The connection was not made, so that nobody has acted upon the request."""


def open_session(settings: NetworkSettings) -> aiohttp.ClientSession:
    """Without cookies, proxies, decompression and repeats of its own. Needs a running loop."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            limit_per_host=settings.connections_per_address_max,
            keepalive_timeout=settings.idle_connection_seconds,
            use_dns_cache=False,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect_timeout_ms / 1_000),
    )
    # aiohttp sends PUT and DELETE again by itself when a kept connection breaks, and has no option for it. An
    # act that was sent twice is refused the second time: its sender would hear of a refusal that is none.
    session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
    return session


async def look_at(session: aiohttp.ClientSession, endpoint: Endpoint, timeout_seconds: float) -> Standing:
    """What an address says of itself at /readyz."""
    try:
        async with session.get(
            URL(f"{endpoint.origin}/readyz", encoded=True),
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            allow_redirects=False,
        ) as answer:
            return Standing.READY if answer.status == 200 else Standing.UNREADY
    except (aiohttp.ClientError, OSError, TimeoutError):
        return Standing.DOWN
