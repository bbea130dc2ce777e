"""The gateway joined: its key, its exchange, its pages, and the services behind it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp

from chassis.auth.service_keys import ServiceKeys
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.peers import Peers, PeerTransports
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import PeerLog
from chassis.revocations.view import RevocationView
from chassis.telemetry import tracing
from gateway.app import Gateway
from gateway.exchange import TokenExchange
from gateway.live.app import LiveEvents
from gateway.pages.app import Pages
from gateway.settings import GatewaySettings
from gateway.tracing import TracedGateway


def create_gateway(
    settings: GatewaySettings,
    services: Mapping[str, ASGIApp],
    transports: PeerTransports,
    clock: Clock,
    version: str,
    bus: Transport,
) -> Gateway | TracedGateway:
    """The public door. `services`: applications of this process, or the ways to services on others."""
    tokens = ServiceKeys.load("gateway", settings.service_key_file, settings.service_keys_file, clock)
    peers = Peers(transports, tokens, settings.peer_timeout_seconds)
    revocations = RevocationFollower(
        RevocationView(clock, with_memberships=False), PeerLog(peers), settings, "gateway"
    )
    exchange = TokenExchange(
        peers,
        clock,
        revocations,
        settings.exchange_cache_max_count,
        settings.exchange_margin_seconds,
    )
    pages = Pages(settings, transports, tuple(services), version)
    live = LiveEvents(settings, bus, peers, revocations, clock)
    gateway = Gateway(settings, services, pages.application(), exchange, revocations, live, tokens, clock)
    return TracedGateway(gateway) if tracing.is_on() else gateway
