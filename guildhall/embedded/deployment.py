"""All services, the gateway and the bus in this process, on databases that exist."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from chassis.asgi_call import InProcessClient
from chassis.background import Background
from chassis.bus.opening import transport_of
from chassis.bus.postgres.housekeeping import keep_log
from chassis.bus.postgres.schema import migrate_bus
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.files import FileSettings
from chassis.ids import IdSource
from chassis.migrations import migrate_service
from chassis.service import Surroundings
from chassis.settings import ServiceSettings
from guildhall import VERSION
from guildhall.data_folder import FILES_FOLDER
from guildhall.embedded.schemas import schema_of
from guildhall.keys import GATEWAY, MEMBER_TOKENS_KEY, keep_keys
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.reading_settings import read_settings

if TYPE_CHECKING:
    from gateway.app import Gateway
    from gateway.tracing import TracedGateway

LOG_KEPT_EVERY_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database: as the role that runs and as the one that owns it."""

    url: str
    owner_url: str


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """What a deployment is made from. `databases`: by service, and the bus'."""

    databases: Mapping[str, DatabaseUrls]
    keys_folder: Path
    public_url: str
    clock: Clock
    bus_kept_days: int = 14
    environment_file: str | None = None
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


class InProcessTransports:
    """The way to a service in this process: its ASGI application."""

    def __init__(self) -> None:
        self._clients: dict[str, InProcessClient] = {}

    def add(self, service: str, app: ASGIApp) -> None:
        self._clients[service] = InProcessClient(app, service)

    def client(self, service: str) -> InProcessClient:
        return self._clients[service]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What runs: the public door, the services behind it, their bus."""

    gateway: ASGIApp
    services: Mapping[str, FastAPI]
    bus: Transport
    clock: Clock
    ids: IdSource

    @property
    def off(self) -> list[str]:
        """What the services do not have here, and how to turn it on."""
        return [off for service in self.services.values() for off in service.state.chassis.parts.off]


async def migrate_all(plan: DeploymentPlan) -> None:
    """Every database to its newest schema; those that are there already cost one look."""
    await migrate_bus(plan.databases[BUS].owner_url)
    for service in SERVICES:  # one after the other: Alembic's context is the process'
        await migrate_service(schema_of(service), plan.databases[service].owner_url)


@asynccontextmanager
async def running(plan: DeploymentPlan) -> AsyncGenerator[Deployment]:
    """Serves while entered; relays, consumers and timers run. Raises StartRefused."""
    keys_file = keep_keys(plan.keys_folder)
    ids = IdSource(plan.clock)
    transports = InProcessTransports()
    bus = transport_of(plan.databases[BUS].url, plan.clock, ids.new(), other_processes=False)
    surroundings = Surroundings(plan.clock, ids, transports, bus)
    services = build_services(plan, surroundings, transports, keys_file)
    gateway = _gateway(plan, services, transports, keys_file, bus)
    async with AsyncExitStack() as stack:
        await bus.open()
        stack.push_async_callback(bus.close)
        background = Background("bus")
        stack.push_async_callback(background.stop)
        owner_url = plan.databases[BUS].owner_url
        background.every(
            LOG_KEPT_EVERY_SECONDS, "log", lambda: keep_log(owner_url, plan.clock, plan.bus_kept_days)
        )
        for service in services.values():
            await stack.enter_async_context(service.router.lifespan_context(service))
        await stack.enter_async_context(gateway.running())
        yield Deployment(gateway, services, bus, plan.clock, ids)


def build_services(
    plan: DeploymentPlan, surroundings: Surroundings, transports: InProcessTransports, keys_file: Path
) -> dict[str, FastAPI]:
    """Every service as an application, which `transports` finds. Nothing runs yet. Raises StartRefused."""
    services: dict[str, FastAPI] = {}
    for service in SERVICES:
        settings = _service_settings(plan, service, keys_file)
        services[service] = importlib.import_module(f"services.{service}.app").create_app(
            settings, surroundings
        )
        transports.add(service, services[service])
    return services


def _service_settings(plan: DeploymentPlan, service: str, keys_file: Path) -> ServiceSettings:
    module = importlib.import_module(f"services.{service}.settings")
    kind: type[ServiceSettings] = getattr(module, f"{service.capitalize()}Settings")
    given: dict[str, Any] = {
        "public_url": plan.public_url,
        "database_url": plan.databases[service].url,
        "owner_database_url": plan.databases[service].owner_url,
        "bus_url": plan.databases[BUS].url,
        "service_key_file": plan.keys_folder / f"{service}.pem",
        "service_keys_file": keys_file,
    }
    if service == "identity":
        given["signing_key_file"] = plan.keys_folder / MEMBER_TOKENS_KEY
    if issubclass(kind, FileSettings):
        given["files_folder"] = plan.keys_folder.parent / FILES_FOLDER
    return read_settings(kind, plan.environment_file, **(given | dict(plan.overrides.get(service, {}))))


def _gateway(
    plan: DeploymentPlan,
    services: Mapping[str, FastAPI],
    transports: InProcessTransports,
    keys_file: Path,
    bus: Transport,
) -> Gateway | TracedGateway:
    from gateway.settings import GatewaySettings
    from gateway.start import create_gateway

    given = {
        "public_url": plan.public_url,
        "bus_url": plan.databases[BUS].url,
        "service_key_file": plan.keys_folder / f"{GATEWAY}.pem",
        "service_keys_file": keys_file,
    }
    settings = read_settings(
        GatewaySettings, plan.environment_file, **(given | dict(plan.overrides.get(GATEWAY, {})))
    )
    return create_gateway(settings, services, transports, plan.clock, VERSION, bus)
