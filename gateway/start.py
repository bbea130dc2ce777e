"""The gateway joined: its key, its exchange, its pages, and the services behind it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp

from chassis.auth.service_keys import ServiceKeys
from chassis.clock import Clock
from chassis.peers import Peers, PeerTransports
from chassis.telemetry import tracing
from gateway.app import Gateway
from gateway.exchange import TokenExchange
from gateway.pages.app import Pages
from gateway.settings import GatewaySettings
from gateway.tracing import TracedGateway


def create_gateway(
    settings: GatewaySettings,
    services: Mapping[str, ASGIApp],
    transports: PeerTransports,
    clock: Clock,
    version: str,
) -> ASGIApp:
    """The public door. `services`: applications of this process, or the ways to services on others."""
    tokens = ServiceKeys.load("gateway", settings.service_key_file, settings.service_keys_file, clock)
    exchange = TokenExchange(
        Peers(transports, tokens, settings.peer_timeout_seconds),
        clock,
        settings.exchange_cache_max_count,
        settings.exchange_margin_seconds,
    )
    pages = Pages(settings, transports, tuple(services), version)
    gateway = Gateway(settings, services, pages.application(), exchange, clock)
    return TracedGateway(gateway) if tracing.is_on() else gateway
