"""How a service is joined: its parts, and what its deployment gives it, become one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from chassis.auth.dependencies import MEMBER_SCHEME, READING_METHODS
from chassis.auth.exit_rights import EXIT_RIGHTS
from chassis.auth.service_keys import ServiceKeys
from chassis.auth.verifier import service_verifier
from chassis.background import Background
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.consumers import Consumers
from chassis.database import Database
from chassis.device_acts import api as device_acts
from chassis.erasure import erasing_timer
from chassis.errors import DomainError
from chassis.files import FileSettings
from chassis.files.house import FileHouse
from chassis.gathered import Gathered
from chassis.housekeeping import keep_house
from chassis.ids import IdSource
from chassis.inbox import ConsumerRunner, met_events
from chassis.intents import Intents, IntentSettler
from chassis.member_export import api as member_export
from chassis.membership.reading import find_unions_of_members, known_versions
from chassis.migrations import ServiceSchema
from chassis.peers import Peers, PeerTransports
from chassis.problems import (
    PROBLEMS_EXTENSION,
    ProblemType,
    install_problem_handlers,
    problem_responses,
    problem_schemas,
)
from chassis.reading import OwnWrites
from chassis.relay import Relay
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import PeerLog
from chassis.revocations.view import RevocationView
from chassis.settings import ServiceSettings
from chassis.telemetry.health import health_router
from chassis.telemetry.middleware import RequestContext
from chassis.timers import TimerRunner, Timers
from chassis.unit_of_work import UnitOfWork

ENDED_BATCH = 1_000
_TRACED_ELSEWHERE: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""`RequestContext` makes the spans and the figures of requests."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a deployment gives each of its services: time, ids, the way to the others, the bus."""

    clock: Clock
    ids: IdSource
    transports: PeerTransports
    bus: Transport


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """What makes one service. `background`: coroutines that run beside its requests, given the chassis.

    `warnings`: what /readyz tells besides, while the service can serve all the same. `off`: what this
    deployment does not have, and how to turn it on; a start says it.
    """

    schema: ServiceSchema
    routers: Sequence[APIRouter]
    problems: Mapping[type[DomainError], ProblemType]
    consumers: Consumers
    timers: Timers = field(default_factory=Timers)
    intents: Intents = field(default_factory=Intents)
    background: Mapping[str, Callable[[Chassis], Coroutine[Any, Any, None]]] = field(
        default_factory=dict[str, Callable[["Chassis"], Coroutine[Any, Any, None]]]
    )

    warnings: Callable[[], Sequence[str]] = tuple[str, ...]
    off: Sequence[str] = ()

    @property
    def name(self) -> str:
        return self.schema.service


class ServiceApplication(FastAPI):
    """Its OpenAPI document also lists the problems that it may answer: the gateway makes one catalogue."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        chassis: Chassis = self.state.chassis
        known = {kind.slug: kind for kind in chassis.parts.problems.values()}
        _declare_exits_only(document)
        document.setdefault("components", {}).setdefault("schemas", {}).update(problem_schemas())
        document[PROBLEMS_EXTENSION] = [asdict(known[slug]) for slug in sorted(known)]
        return document


def _declare_exits_only(document: dict[str, Any]) -> None:
    """A locked member's session is refused with 403 by whatever writes for a member and is no exit right."""
    [(status, refusal)] = problem_responses(403).items()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            label = f"{method.upper()} {path}"
            if method.upper() in READING_METHODS or label in EXIT_RIGHTS:
                continue
            if any(MEMBER_SCHEME in schemes for schemes in operation.get("security", ())):
                operation["responses"].setdefault(str(status), refusal)


class Chassis:
    """What a service's parts stand on, at `app.state.chassis`."""

    def __init__(self, parts: ServiceParts, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.parts = parts
        self.service = parts.name
        self.settings = settings
        self.clock = surroundings.clock
        self.ids = surroundings.ids
        self.bus = surroundings.bus
        self.database = Database(settings, parts.name)
        self.keys = ServiceKeys.load(
            parts.name, settings.service_key_file, settings.service_keys_file, surroundings.clock
        )
        self.peers = Peers(surroundings.transports, self.keys, settings.peer_timeout_seconds)
        self.verifier = service_verifier(parts.name, settings, self.keys, self.peers, surroundings.clock)
        self.revocations = RevocationFollower(
            RevocationView(surroundings.clock), PeerLog(self.peers), settings, parts.name
        )
        self.settler = IntentSettler(parts.intents, self.unit, self.peers, self.clock, settings, parts.name)
        timers = parts.timers.copy()
        if parts.schema.personal is not None:
            erasing_timer(timers, parts.schema, settings.erasure_rows_max)
        self.timer_runner = TimerRunner(timers, self.unit)
        self.unions_of_members = Gathered(partial(find_unions_of_members, self.database.hot_reads()))
        self.own_writes = OwnWrites(parts.consumers.types, self._met, settings.read_after_write_wait_ms)
        self.relay = Relay(self.database, self.bus, parts.name, settings)
        self.files: FileHouse | None = None
        if isinstance(settings, FileSettings):
            self.files = FileHouse(settings, parts.name, self.keys.signing, self.unit)
        self.runner = ConsumerRunner(parts.consumers, self.bus, self.unit, settings)

    def unit(self, actor: str, *, read_only: bool = False) -> UnitOfWork:
        """A new transaction for an actor; its commit wakes the relay and settles its intents."""
        unit = UnitOfWork(self.database, self.clock, self.ids, actor=actor, read_only=read_only)
        if not read_only:
            unit.after_commit(lambda: self._follow(unit))
        return unit

    def _follow(self, committed: UnitOfWork) -> None:
        if committed.has_events:
            self.relay.wake()
        if committed.intents:
            self.settler.start(committed.intents)

    async def _met(self, event_ids: list[UUID]) -> dict[UUID, bool]:
        return await met_events(self.database.hot_reads(), event_ids)

    async def forget_ended(self) -> None:
        """Let go of ended memberships that this service's projection knows by now."""
        view = self.revocations.view
        ended = list(view.memberships)
        for start in range(0, len(ended), ENDED_BATCH):
            known = await known_versions(self.database.hot_reads(), ended[start : start + ENDED_BATCH])
            for (union_id, member_id), version in known.items():
                view.forget_membership(union_id, member_id, version)

    async def keep_house(self) -> None:
        """Make the days ahead, drop the days that are over."""
        await keep_house(self.settings, self.clock.now())

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Relay, consumers, timers, reconciler and housekeeping, for as long as the service serves."""
        background = Background(self.service)
        await self.keep_house()
        background.run("relay", self.relay.run())
        background.run("revocations", self.revocations.run())
        if self.parts.consumers.types:
            background.run("consumers", self.runner.run())
        background.every(self.settings.timer_poll_ms / 1_000, "timers", self.timer_runner.run_due)
        background.every(self.settings.intent_retry_seconds, "reconciler", self.settler.reconcile)
        background.every(self.settings.housekeeping_seconds, "housekeeping", self.keep_house)
        background.every(self.settings.housekeeping_seconds, "ended memberships", self.forget_ended)
        if self.files is not None:
            background.every(self.settings.housekeeping_seconds, "files", self.files.sweep)
        for name, work in self.parts.background.items():
            background.run(name, work(self))
        try:
            yield
        finally:
            await self.settler.stop()
            await background.stop()
            await self.database.close()


def build_service(parts: ServiceParts, settings: ServiceSettings, surroundings: Surroundings) -> FastAPI:
    """The service as an application; its lifespan runs what goes on beside the requests."""
    chassis = Chassis(parts, settings, surroundings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with chassis.running():
            yield

    app = ServiceApplication(
        title=f"Guildhall {parts.name}",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=_TRACED_ELSEWHERE,
    )
    app.state.chassis = chassis
    install_problem_handlers(app, parts.problems)
    given = (device_acts.router, member_export.router)
    for router in (*parts.routers, *given, health_router(chassis)):
        # What include_router does, but for the router inside a router that each request would pass through.
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.unique_id = route.name
            app.router.routes.append(route)
    app.add_middleware(
        RequestContext,
        service=parts.name,
        body_max_bytes=settings.request_body_max_bytes,
        file_max_bytes=settings.file_max_bytes if isinstance(settings, FileSettings) else None,
    )
    return app
