"""A deployment of many servers: each replica on a port of its own, everything between them by HTTP.

All run in the process of the tests, on its clock, so that a test moves one clock for all of them.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from chassis.clock import ManualClock
from chassis.ids import IdSource
from chassis.service import Chassis
from guildhall.distributed.process import GATEWAY, ProcessPlan, joined
from guildhall.embedded.deployment import Deployment
from guildhall.keys import MEMBER_TOKENS_KEY, keep_keys
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.reading_settings import read_settings
from guildhall.serving import Server, configuration
from guildhall.settings import GuildhallSettings
from tests.support.deployment import PUBLIC_URL, WholeDeployment
from tests.support.postgres import Databases, ServiceDatabase

KEEPS_FILES = ("identity", "market")
REPLICAS = {"market": 2, "graph": 2, "ledger": 2}
QUICK = {"resolve_seconds": 1, "probe_seconds": 1, "connect_timeout_ms": 500}


@asynccontextmanager
async def listening(application: ASGIApp, sock: socket.socket | None = None) -> AsyncGenerator[str]:
    """Serves the application as `guildhall serve` does; the address of the server."""
    sock = sock or bound_socket()
    settings = read_settings(GuildhallSettings, None, shutdown_seconds=1)
    server = Server(configuration(application, settings), "")
    serving = asyncio.create_task(server.serve([sock]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.005)
    try:
        yield address_of(sock)
    finally:
        server.should_exit = True
        await serving
        sock.close()


def bound_socket() -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    return made


def address_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://{host}:{port}"


@dataclass
class _Replicas:
    """Sockets taken before anything serves: each process is told where all listen."""

    by_service: dict[str, list[socket.socket]] = field(
        default_factory=lambda: {
            service: [bound_socket() for _ in range(REPLICAS.get(service, 1))] for service in SERVICES
        }
    )

    def addresses(self) -> dict[str, str]:
        return {
            f"{service}_url": ",".join(address_of(sock) for sock in sockets)
            for service, sockets in self.by_service.items()
        }


def given_settings(
    service: str, databases: Mapping[str, ServiceDatabase], keys_folder: Path
) -> dict[str, Any]:
    """What an operator gives a process besides the addresses."""
    given: dict[str, Any] = {
        "public_url": PUBLIC_URL,
        "service_key_file": keys_folder / f"{service}.pem",
        "service_keys_file": keys_folder / "service-keys.json",
        "bus_url": databases[BUS].url,
    }
    if service != GATEWAY:
        given |= {
            "database_url": databases[service].url,
            "owner_database_url": databases[service].owner_url,
        }
    if service in KEEPS_FILES:
        given["files_folder"] = keys_folder / "files"
    if service == "identity":
        given["signing_key_file"] = keys_folder / MEMBER_TOKENS_KEY
    return given


@asynccontextmanager
async def network_deployment(
    databases: Databases, keys_folder: Path, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> AsyncGenerator[WholeDeployment]:
    """As whole_deployment, with `REPLICAS`; nobody calls another otherwise than by HTTP."""
    made = {service: await databases.fresh(service) for service in (*SERVICES, BUS)}
    keep_keys(keys_folder)
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    replicas = _Replicas()
    network = {**replicas.addresses(), **QUICK}

    def plan(service: str) -> ProcessPlan:
        given = given_settings(service, made, keys_folder) | dict((overrides or {}).get(service, {}))
        return ProcessPlan(service, clock, None, given, network)

    async with AsyncExitStack() as stack:
        first: dict[str, FastAPI] = {}
        for service, sockets in replicas.by_service.items():
            for sock in sockets:
                application = await stack.enter_async_context(joined(plan(service)))
                await stack.enter_async_context(listening(application, sock))
                first.setdefault(service, cast(FastAPI, application))
        gateway = await stack.enter_async_context(joined(plan(GATEWAY)))
        url = await stack.enter_async_context(listening(gateway))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30))
        bus = cast(Chassis, first["market"].state.chassis).bus
        deployment = Deployment(gateway, first, bus, clock, IdSource(clock))
        yield WholeDeployment(deployment, clock, http, made, gateway_url=url)
    for database in made.values():
        with contextlib.suppress(OSError):
            await databases.drop(database)
