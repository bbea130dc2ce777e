"""The whole deployment in the process of the tests, on a clock that is moved by hand."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from chassis.bus.envelope import Envelope, source_of
from chassis.bus.opening import transport_of
from chassis.clock import ManualClock
from chassis.service import Chassis
from events.declaration import Event, EventClass
from guildhall.embedded.deployment import DatabaseUrls, Deployment, DeploymentPlan, running
from guildhall.postgres.roles import BUS, SERVICES
from tests.support.authenticator import Authenticator
from tests.support.personas import Persona
from tests.support.postgres import Databases, ServiceDatabase

PUBLIC_URL = "http://localhost:8080"
Answer = TypeVar("Answer")


@dataclass(slots=True)
class WholeDeployment:
    """`http` goes through the gateway without a token; `databases` are those of the services and the bus."""

    deployment: Deployment
    clock: ManualClock
    http: httpx.AsyncClient
    databases: Mapping[str, ServiceDatabase]
    public_url: str = PUBLIC_URL
    gateway_url: str | None = None
    """Where the gateway listens; None where it is called in this process."""

    def chassis(self, service: str) -> Chassis:
        return self.deployment.services[service].state.chassis

    def stranger(self, name: str) -> Persona:
        """A person with keys who has not signed in."""
        return Persona(name, self._client(), self.public_url, self.clock)

    async def persona(self, name: str, *, by_passkey: bool = False) -> Persona:
        """A new member, signed in by their wallet, or by a passkey that they make."""
        made = self.stranger(name)
        if by_passkey:
            made.passkey = self.authenticator()
        await made.sign_in()
        return made

    def authenticator(self) -> Authenticator:
        """A passkey for this deployment, not yet made."""
        return Authenticator(urlsplit(self.public_url).hostname or "", self.public_url)

    async def advance(self, duration: timedelta) -> None:
        """Moves the clock of all and runs the timers that have come due."""
        self.clock.advance(duration)
        for service in SERVICES:
            await self.chassis(service).timer_runner.run_due()

    async def announce(self, event: Event) -> None:
        """Says on the bus what its publisher would say; for one that is not part of the deployment."""
        declared, chassis = event.declaration, self.chassis("ledger")
        assert declared.publisher not in SERVICES
        envelope = Envelope(
            id=chassis.ids.new(),
            source=source_of(declared.publisher),
            type=declared.type,
            key=event.key(),
            time=self.clock.now(),
            data=event.model_dump_json().encode(),
            is_state=declared.event_class is EventClass.STATE,
        )
        bus = transport_of(self.databases[BUS].url, self.clock, chassis.ids.new(), other_processes=True)
        await bus.open()
        try:
            await bus.append([envelope])
        finally:
            await bus.close()

    async def eventually(
        self,
        probe: Callable[[], Awaitable[Answer]],
        holds: Callable[[Answer], bool],
        within_seconds: float = 30,
    ) -> Answer:
        """Asks until it holds: for what events bring. Shows the last answer when it never does."""
        deadline = asyncio.get_running_loop().time() + within_seconds
        while True:
            answer = await probe()
            if holds(answer):
                return answer
            shown = answer.text if isinstance(answer, httpx.Response) else repr(answer)
            assert asyncio.get_running_loop().time() < deadline, f"still {shown}"
            await asyncio.sleep(0.02)

    def _client(self) -> httpx.AsyncClient:
        if self.gateway_url is not None:
            return httpx.AsyncClient(base_url=self.gateway_url, timeout=30)
        return client_of(self.deployment, self.public_url)


def client_of(deployment: Deployment, public_url: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client of the gateway in this process, coming from an address."""
    transport = httpx.ASGITransport(app=deployment.gateway, client=(address, 40_000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=public_url, timeout=30)


@asynccontextmanager
async def whole_deployment(
    databases: Databases, keys_folder: Path, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> AsyncGenerator[WholeDeployment]:
    """On fresh databases, which are dropped afterwards. `overrides`: settings by service."""
    made = {service: await databases.fresh(service) for service in (*SERVICES, BUS)}
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    plan = DeploymentPlan(
        databases={service: DatabaseUrls(one.url, one.owner_url) for service, one in made.items()},
        keys_folder=keys_folder,
        public_url=PUBLIC_URL,
        clock=clock,
        overrides=overrides or {},
    )
    async with running(plan) as deployment, client_of(deployment, PUBLIC_URL) as http:
        yield WholeDeployment(deployment, clock, http, made)
    for database in made.values():
        await databases.drop(database)
