"""One process of one service, of the gateway or of the publisher, joined from settings alone."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from chassis.auth.keys import KeyFileWrong
from chassis.bus.opening import BusUrlWrong, transport_of
from chassis.clock import Clock
from chassis.ids import IdSource
from chassis.network.peer_transport import NetworkTransports, network_transports
from chassis.network.settings import NetworkSettings
from chassis.service import Surroundings
from chassis.settings import ServiceSettings
from guildhall import VERSION
from guildhall.keys import GATEWAY
from guildhall.postgres.roles import SERVICES
from guildhall.publisher import PUBLISHER
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused

SERVED = (*SERVICES, GATEWAY, PUBLISHER)
Join = Callable[[NetworkTransports], AbstractAsyncContextManager[ASGIApp]]
"""Settings are read; what is left is to join the application to the network."""


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """`given` and `network` go before the environment."""

    name: str
    clock: Clock
    environment_file: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    network: Mapping[str, Any] = field(default_factory=dict[str, Any])


@asynccontextmanager
async def joined(plan: ProcessPlan) -> AsyncGenerator[ASGIApp]:
    """The application, and what runs beside it while this is entered. Raises StartRefused."""
    network = read_settings(NetworkSettings, plan.environment_file, **plan.network)
    try:
        join = _planned(plan, network)
        async with network_transports(network) as transports, join(transports) as application:
            yield application
    except (KeyFileWrong, BusUrlWrong) as wrong:
        raise StartRefused(str(wrong)) from None


def _planned(plan: ProcessPlan, network: NetworkSettings) -> Join:
    if plan.name == GATEWAY:
        return _gateway(plan, network)
    return _publisher(plan) if plan.name == PUBLISHER else _service(plan)


def _service(plan: ProcessPlan) -> Join:
    module = importlib.import_module(f"services.{plan.name}.settings")
    kind: type[ServiceSettings] = getattr(module, f"{plan.name.capitalize()}Settings")
    settings = read_settings(kind, plan.environment_file, **plan.given)
    ids = IdSource(plan.clock)
    bus = transport_of(settings.bus_url.get_secret_value(), plan.clock, ids.new())

    @asynccontextmanager
    async def join(transports: NetworkTransports) -> AsyncGenerator[ASGIApp]:
        app: FastAPI = importlib.import_module(f"services.{plan.name}.app").create_app(
            settings, Surroundings(plan.clock, ids, transports, bus)
        )
        await bus.open()
        try:
            async with app.router.lifespan_context(app):
                yield app
        finally:
            await bus.close()

    return join


def _gateway(plan: ProcessPlan, network: NetworkSettings) -> Join:
    from gateway.network.upstream import HopLimits, Upstream
    from gateway.settings import GatewaySettings
    from gateway.start import create_gateway

    settings = read_settings(GatewaySettings, plan.environment_file, **plan.given)
    bus = transport_of(settings.bus_url.get_secret_value(), plan.clock, IdSource(plan.clock).new())
    limits = HopLimits(
        request_body_max_bytes=settings.request_body_max_bytes,
        request_body_max_seconds=settings.request_body_max_seconds,
        answer_max_seconds=settings.answer_max_seconds,
        answer_pause_max_seconds=settings.answer_pause_max_seconds,
        tries_max=network.tries_max,
    )

    @asynccontextmanager
    async def join(transports: NetworkTransports) -> AsyncGenerator[ASGIApp]:
        services = {
            service: Upstream(transports.directory.of(service), transports.session, limits)
            for service in SERVICES
        }
        gateway = create_gateway(settings, services, transports, plan.clock, VERSION, bus)
        await bus.open()
        try:
            async with gateway.running():
                yield gateway
        finally:
            await bus.close()

    return join


def _publisher(plan: ProcessPlan) -> Join:
    from guildhall.kafka.settings import KafkaSettings
    from guildhall.publisher.app import published
    from guildhall.publisher.settings import PublisherSettings

    settings = read_settings(PublisherSettings, plan.environment_file, **plan.given)
    kept_days = read_settings(KafkaSettings, plan.environment_file).public_kept_days
    process_id = IdSource(plan.clock).new()

    def join(transports: NetworkTransports) -> AbstractAsyncContextManager[ASGIApp]:
        return published(settings, kept_days, transports.client("identity"), process_id)

    return join
