"""Further replicas of a running house: a service, or a gateway, of its own memory beside the first."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import cast

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from chassis.auth.claims import MemberClaims
from chassis.peers import PeerClient
from chassis.service import Chassis, Surroundings
from gateway.settings import GatewaySettings
from gateway.start import create_gateway
from guildhall import VERSION
from guildhall.embedded.deployment import InProcessTransports
from services.identity.api.joined import Identity
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


@dataclass(slots=True)
class Network:
    """A replica's way to the others; `cut` names those that it does not reach."""

    transports: InProcessTransports
    cut: set[str] = field(default_factory=set[str])

    def client(self, service: str) -> PeerClient:
        if service in self.cut:
            raise ConnectionError(f"{service} is cut off")
        return self.transports.client(service)


@dataclass(slots=True)
class Replica:
    """What runs, and what it can be cut off from."""

    app: ASGIApp
    network: Network

    def through(self, persona: Persona) -> Persona:
        """The same person, who speaks to this replica."""
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 40_000))  # type: ignore[arg-type]
        return replace(persona, http=httpx.AsyncClient(transport=transport, base_url=persona.public_url))

    async def close(self, *personas: Persona) -> None:
        for persona in personas:
            await persona.http.aclose()


def network_of(services: Mapping[str, FastAPI]) -> Network:
    transports = InProcessTransports()
    for name, app in services.items():
        transports.add(name, app)
    return Network(transports)


@asynccontextmanager
async def service_replica(house: WholeDeployment, service: str) -> AsyncGenerator[Replica]:
    """It follows what has ended and consumes nothing: its projection is the database's, kept by the first."""
    first = house.chassis(service)
    network = network_of(house.deployment.services)
    surroundings = Surroundings(first.clock, first.ids, network, first.bus)
    create_app = importlib.import_module(f"services.{service}.app").create_app
    app: FastAPI = create_app(first.settings, surroundings)
    chassis: Chassis = app.state.chassis
    following = asyncio.create_task(chassis.revocations.run())
    try:
        yield Replica(app, network)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await chassis.settler.stop()
        await chassis.database.close()


@asynccontextmanager
async def gateway_replica(house: WholeDeployment) -> AsyncGenerator[Replica]:
    """A second public door."""
    first = house.chassis("identity").settings
    folder = first.service_key_file.parent
    settings = GatewaySettings.model_validate(
        {
            "public_url": house.public_url,
            "service_key_file": folder / "gateway.pem",
            "service_keys_file": first.service_keys_file,
            "bus_url": first.bus_url,
        }
    )
    network = network_of(house.deployment.services)
    deployment = house.deployment
    gateway = create_gateway(settings, deployment.services, network, house.clock, VERSION, deployment.bus)
    async with gateway.running():
        yield Replica(gateway, network)


async def internal_token(house: WholeDeployment, persona: Persona, service: str) -> dict[str, str]:
    """The header of a token that one service takes, as a gateway holds it for a minute."""
    identity: Identity = house.deployment.services["identity"].state.identity
    claims = await identity.access_tokens.verify(persona.session["access_token"])
    token = identity.issuer.internal_token(cast("MemberClaims", claims), service).text
    return {"authorization": f"Bearer {token}"}
