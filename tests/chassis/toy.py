"""A service of one table on the whole chassis: what tests of routes, keys, intents and timers drive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel, SecretStr
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as PlainResponse
from starlette.routing import Route

from chassis.auth.claims import MemberClaims
from chassis.auth.dependencies import Act, SignedIn
from chassis.auth.issuer import TokenIssuer
from chassis.auth.keys import SigningKey
from chassis.auth.service_keys import provision_service_keys
from chassis.bus.postgres.transport import PostgresTransport
from chassis.clock import ManualClock
from chassis.consumers import Consumers
from chassis.device_keys import device_key_id
from chassis.errors import DomainError
from chassis.ids import IdSource
from chassis.intents import Answer, Intent, Intents, Outcome
from chassis.migrations import ServiceSchema
from chassis.peers import Peers
from chassis.problems import ProblemType
from chassis.route import TransactionRoute, Unit
from chassis.service import Chassis, ServiceParts, Surroundings, build_service
from chassis.settings import ServiceSettings
from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from events.market import AgreementPaid
from tests.support.ended import nothing_has_ended
from tests.support.held_keys import HeldKeys
from tests.support.postgres import ServiceDatabase

TOY_SCHEMA = ServiceSchema("market", Path(__file__).parent / "toy_migrations")
UNION = UUID("0195e0c2-0000-7000-8000-000000000001")
PUBLIC_URL = "http://localhost:8080"


class CounterTooHigh(DomainError):
    """The counter is at its end."""

    def __init__(self, value: int) -> None:
        super().__init__(f"counter at {value}")
        self.value = value


class CounterView(BaseModel):
    """A counter in an answer."""

    name: str
    value: int
    paid: str = "no"


class Step(BaseModel):
    """How far a counter moves."""

    by: int


def toy_router(hooks: Hooks) -> APIRouter:
    router = APIRouter(prefix="/v1/counters", route_class=TransactionRoute)

    @router.post("/{name}/steps", status_code=201)
    async def step(name: str, body: Step, unit: Unit, _: SignedIn, response: Response) -> CounterView:
        row = await unit.fetch_one(
            text(
                "INSERT INTO counters VALUES (:name, :by, 'no') ON CONFLICT (name) "
                "DO UPDATE SET value = counters.value + excluded.value RETURNING value"
            ),
            {"name": name, "by": body.by},
        )
        assert row is not None
        await hooks.before_answer(unit)
        if row["value"] > 100:
            raise CounterTooHigh(row["value"])
        unit.publish(_paid(unit, row["value"]))
        unit.record_act("step", name, {"by": body.by})
        response.headers["Location"] = f"/v1/counters/{name}"
        return CounterView(name=name, value=row["value"])

    @router.post("/{name}/signed-steps", status_code=201)
    async def signed_step(name: str, body: Step, unit: Unit, _: Act) -> CounterView:
        await unit.execute(
            text("INSERT INTO counters VALUES (:name, :by, 'no')"), {"name": name, "by": body.by}
        )
        return CounterView(name=name, value=body.by)

    @router.post("/{name}/payment", status_code=201)
    async def pay(name: str, unit: Unit, _: SignedIn) -> CounterView:
        await unit.execute(
            text(
                "INSERT INTO counters VALUES (:name, 0, 'waiting') "
                "ON CONFLICT (name) DO UPDATE SET paid = 'waiting'"
            ),
            {"name": name},
        )
        await unit.record_intent("pay", name, {"name": name}, f"/v1/counters/{name}")
        return CounterView(name=name, value=0, paid="waiting")

    @router.get("/{name}")
    async def get(name: str, unit: Unit, _: SignedIn) -> CounterView:
        row = await unit.fetch_one(text("SELECT * FROM counters WHERE name = :name"), {"name": name})
        return CounterView.model_validate(dict(row)) if row else CounterView(name=name, value=0)

    return router


def _paid(unit: UnitOfWork, minor: int) -> AgreementPaid:
    return AgreementPaid(
        union_id=UNION,
        agreement_id=UNION,
        employer_id=UNION,
        worker_id=UNION,
        asset="GLD",
        paid_minor=minor,
        paid_at=unit.now,
    )


async def _nothing(_: UnitOfWork) -> None:
    return


@dataclass
class Hooks:
    """What a test makes the toy, and the ledger that it pays through, do."""

    before_answer: Callable[[UnitOfWork], Any] = _nothing
    ledger_answers: list[int] = field(default_factory=list[int])
    """Statuses of the ledger's next answers; 200 when there are none."""
    ledger_calls: list[str] = field(default_factory=list[str])
    timers_run: list[Timer] = field(default_factory=list[Timer])
    timer_fails: bool = False
    consumed: list[int] = field(default_factory=list[int])

    def reset(self) -> None:
        """As before any test."""
        self.before_answer = _nothing
        self.timer_fails = False
        for kept in (self.ledger_answers, self.ledger_calls, self.timers_run, self.consumed):
            kept.clear()


class ToyTransports:
    """Identity's keys, and a ledger that answers as the test says; they are the edge of the toy."""

    def __init__(self, hooks: Hooks, issuer: TokenIssuer) -> None:
        async def keys(_: Request) -> PlainResponse:
            return PlainResponse(orjson.dumps(issuer.jwk_set()), media_type="application/json")

        async def ledger(request: Request) -> PlainResponse:
            hooks.ledger_calls.append(request.url.path)
            status = hooks.ledger_answers.pop(0) if hooks.ledger_answers else 200
            return PlainResponse(b"{}", status_code=status, media_type="application/json")

        apps = {
            "identity": Starlette(routes=[Route("/.well-known/jwks.json", keys), nothing_has_ended()]),
            "ledger": Starlette(routes=[Route("/pay", ledger, methods=["POST"])]),
        }
        self._clients = {
            name: httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{name}")
            for name, app in apps.items()
        }

    def client(self, service: str) -> httpx.AsyncClient:
        return self._clients[service]


@dataclass
class Toy:
    """A running toy service."""

    app: FastAPI
    chassis: Chassis
    hooks: Hooks
    clock: ManualClock
    issuer: TokenIssuer
    device: Ed25519PrivateKey
    client: httpx.AsyncClient

    def token(self, member: int = 1, audience: str = "market") -> str:
        """A member's internal token."""
        public_key = self.device.public_key().public_bytes_raw()
        claims = MemberClaims(
            member_id=UUID(int=member),
            session_id=UUID(int=member),
            device_key_id=device_key_id(public_key),
            device_public_key=public_key,
            audience="guildhall",
            expires_at=self.clock.now() + timedelta(minutes=10),
        )
        return self.issuer.internal_token(claims, audience).text

    async def post(
        self, path: str, body: Any = None, key: str | None = None, member: int = 1
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token(member)}"}
        if key is not None:
            headers["idempotency-key"] = key
        return await self.client.post(path, json=body, headers=headers)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers={"authorization": f"Bearer {self.token()}", **headers})

    async def count(self, table: str) -> int:
        async with self.chassis.unit("test") as unit:
            counted: int | None = await (await unit.raw()).fetchval(f"SELECT count(*) FROM {table}")
        assert counted is not None
        return counted


def toy_parts(hooks: Hooks) -> ServiceParts:
    consumers, timers, intents = Consumers("toy"), Timers(), Intents()

    @consumers.on(AgreementPaid)
    async def on_paid(_: UnitOfWork, event: AgreementPaid) -> None:
        hooks.consumed.append(event.paid_minor)

    @timers.on("ring")
    async def ring(unit: UnitOfWork, timer: Timer) -> None:
        if hooks.timer_fails:
            raise ValueError("the bell is broken")
        unit.record_act("ring", timer.key, {})
        hooks.timers_run.append(timer)

    async def call(intent: Intent, peers: Peers) -> Answer:
        answer = await peers.call("ledger", "POST", "/pay", {"id": intent.id}, intent_id=intent.id)
        return Answer(Outcome.DONE) if answer.ok else Answer(Outcome.REFUSED, "insufficient_funds")

    async def effect(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        await unit.execute(
            text("UPDATE counters SET paid = :paid, value = value + 1 WHERE name = :name"),
            {"paid": answer.outcome.value, "name": intent.payload["name"]},
        )

    intents.add("pay", call, effect)
    problems: dict[type[DomainError], ProblemType] = {
        CounterTooHigh: ProblemType("too-high", 409, "Too high", "The counter would be {value}.")
    }
    return ServiceParts(
        schema=TOY_SCHEMA,
        routers=[toy_router(hooks)],
        problems=problems,
        consumers=consumers,
        timers=timers,
        intents=intents,
    )


@asynccontextmanager
async def running_toy(
    database: ServiceDatabase, bus: ServiceDatabase, folder: Path, clock: ManualClock, **settings: Any
) -> AsyncGenerator[Toy]:
    """The toy with its background work, on databases of its own."""
    hooks = Hooks()
    keys_file = provision_service_keys(folder, ("market", "ledger", "gateway"))
    issuer = TokenIssuer(HeldKeys(SigningKey.of(Ed25519PrivateKey.generate())), PUBLIC_URL, clock)
    ids = IdSource(clock)
    transport = PostgresTransport(bus.url, clock, ids.new(), other_processes=False)
    made = ServiceSettings.model_validate(
        {
            "database_url": SecretStr(database.url),
            "owner_database_url": SecretStr(database.owner_url),
            "bus_url": SecretStr(bus.url),
            "service_key_file": folder / "market.pem",
            "service_keys_file": keys_file,
            "timer_poll_ms": 60_000,
            **settings,
        }
    )
    transports = ToyTransports(hooks, issuer)
    app = build_service(toy_parts(hooks), made, Surroundings(clock, ids, transports, transport))
    await transport.open()
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client,
        ):
            device = Ed25519PrivateKey.generate()
            yield Toy(app, app.state.chassis, hooks, clock, issuer, device, client)
    finally:
        await transport.close()
