"""The graph service on real databases, with identity at its edge: what the tests of this folder drive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.auth.claims import MemberClaims
from chassis.auth.issuer import TokenIssuer
from chassis.auth.keys import SigningKey
from chassis.auth.service_keys import provision_service_keys
from chassis.bus.postgres.transport import PostgresTransport
from chassis.clock import ManualClock
from chassis.device_keys import device_key_id
from chassis.ids import IdSource
from chassis.membership import Membership, find_membership, find_union, keep_union
from chassis.service import Chassis, Surroundings
from chassis.signatures import sign_act
from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState, UnionState
from services.graph.app import create_app
from services.graph.engine.engine import GraphEngine
from services.graph.settings import GraphSettings
from services.graph.use_cases.keep_memberships import keep_memberships
from tests.support.ended import nothing_has_ended
from tests.support.held_keys import HeldKeys
from tests.support.postgres import ServiceDatabase

PUBLIC_URL = "http://localhost:8080"
UNION = UUID("0195e0c2-0000-7000-8000-00000000a001")
SLUG = "weavers"
PATH = f"/v1/unions/{SLUG}"
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)


def member_id(number: int) -> UUID:
    """The members of the union; number 0 is the founder."""
    return UUID(int=0x0195E0C2_0000_7000_8000_000000000000 + number)


def membership_event(number: int, *, version: int = 1, state: str = "active") -> MembershipState:
    return MembershipState(
        union_id=UNION,
        member_id=member_id(number),
        version=version,
        state=state,
        role="founder" if number == 0 else "member",
        charter_version=1,
        by_founder_invitation=True,
        joined_at=LONG_AGO,
        changed_at=LONG_AGO,
    )


def union_event() -> UnionState:
    return UnionState(
        union_id=UNION,
        version=1,
        slug=SLUG,
        state="active",
        founder_id=member_id(0),
        token_symbol="GLD",
        token_scale=6,
        charter_version=1,
        charter_hash="c" * 43,
        parameters={},
        founded_at=LONG_AGO,
    )


@dataclass
class Identity:
    """What identity answers to a service that asks."""

    memberships: dict[UUID, MembershipState] = field(default_factory=dict[UUID, MembershipState])
    asked: list[str] = field(default_factory=list[str])


class Edge:
    """Identity's keys and its internal answers."""

    def __init__(self, identity: Identity, issuer: TokenIssuer) -> None:
        async def keys(_: Request) -> Response:
            return Response(orjson.dumps(issuer.jwk_set()), media_type="application/json")

        async def union(request: Request) -> Response:
            identity.asked.append(request.url.path)
            return Response(status_code=404)

        async def membership(request: Request) -> Response:
            identity.asked.append(request.url.path)
            known = identity.memberships.get(UUID(request.path_params["member"]))
            if known is None:
                return Response(b"{}", status_code=404, media_type="application/json")
            return Response(known.model_dump_json(), media_type="application/json")

        app = Starlette(
            routes=[
                Route("/.well-known/jwks.json", keys),
                nothing_has_ended(),
                Route("/internal/unions/{union}", union),
                Route("/internal/unions/{union}/memberships/{member}", membership),
            ]
        )
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://identity")

    def client(self, service: str) -> httpx.AsyncClient:
        assert service == "identity"
        return self._client


@dataclass
class GraphHouse:
    """The running service; members act under device keys of their own."""

    app: FastAPI
    chassis: Chassis
    settings: GraphSettings
    clock: ManualClock
    issuer: TokenIssuer
    identity: Identity
    client: httpx.AsyncClient
    database: ServiceDatabase
    _keys: dict[UUID, Ed25519PrivateKey] = field(default_factory=dict[UUID, Ed25519PrivateKey])
    _acts_count: int = 0

    @property
    def engine(self) -> GraphEngine:
        return self.app.state.engine

    def unit(self) -> UnitOfWork:
        return self.chassis.unit("test")

    async def membership(self, unit: UnitOfWork, number: int) -> Membership:
        union = await find_union(unit, SLUG)
        assert union is not None
        found = await find_membership(unit, union, member_id(number))
        assert found is not None
        return found

    async def join(self, count: int) -> None:
        """Found the union with members 0 to count - 1."""
        async with self.unit() as unit:
            await keep_union(await unit.raw(), union_event())
            await keep_memberships(unit, [membership_event(number) for number in range(count)])

    async def leave(self, number: int, version: int = 2) -> None:
        async with self.unit() as unit:
            await keep_memberships(unit, [membership_event(number, version=version, state="left")])

    async def get(
        self, path: str, number: int | None = 1, *, after: httpx.Response | None = None
    ) -> httpx.Response:
        """As a member of that number, or as nobody; `after` is an answer whose events have to be seen."""
        seen = {} if after is None else {"guildhall-after": after.headers["guildhall-event"]}
        return await self.client.get(PATH + path, headers=self._bearer(number) | seen)

    async def act(
        self, method: str, path: str, body: Any = None, *, number: int = 1, key: str | None = None
    ) -> httpx.Response:
        """A signed act of a member."""
        content = b"" if body is None else orjson.dumps(body)
        self._acts_count += 1
        signature = sign_act(
            private_key=self._key(number),
            key_id=device_key_id(self._key(number).public_key().public_bytes_raw()),
            method=method,
            target_uri=f"{PUBLIC_URL}{PATH}{path}",
            body=content,
            created=self.clock.now(),
            nonce=f"{self._acts_count:022d}",
            idempotency_key=key,
        )
        headers = self._bearer(number) | signature | {"content-type": "application/json"}
        return await self.client.request(method, PATH + path, content=content, headers=headers)

    async def back(self, number: int, *leaders: int) -> None:
        for leader in leaders:
            answer = await self.act("PUT", f"/backlinks/{member_id(leader)}", number=number)
            assert answer.status_code == 200, answer.text

    async def rows(self, statement: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Raw rows, as the owner."""
        connection = await asyncpg.connect(self.database.owner_url)
        try:
            return await connection.fetch(statement, *arguments)
        finally:
            await connection.close()

    async def count(self, table: str) -> int:
        return (await self.rows(f"SELECT count(*) FROM {table}"))[0][0]

    def _key(self, number: int) -> Ed25519PrivateKey:
        return self._keys.setdefault(member_id(number), Ed25519PrivateKey.generate())

    def _bearer(self, number: int | None) -> dict[str, str]:
        if number is None:
            return {}
        public_key = self._key(number).public_key().public_bytes_raw()
        access = self.issuer.access_token(
            member_id=member_id(number), session_id=UUID(int=number + 1), device_public_key=public_key
        )
        claims = MemberClaims(
            member_id=member_id(number),
            session_id=UUID(int=number + 1),
            device_key_id=device_key_id(public_key),
            device_public_key=public_key,
            audience="guildhall",
            expires_at=access.expires_at,
        )
        return {"authorization": f"Bearer {self.issuer.internal_token(claims, 'graph').text}"}


@asynccontextmanager
async def running_graph(
    database: ServiceDatabase, bus: ServiceDatabase, folder: Path, clock: ManualClock, **settings: Any
) -> AsyncGenerator[GraphHouse]:
    """The service with what runs beside its requests."""
    identity = Identity()
    keys_file = provision_service_keys(folder, ("graph", "identity", "gateway"))
    issuer = TokenIssuer(HeldKeys(SigningKey.of(Ed25519PrivateKey.generate())), PUBLIC_URL, clock)
    ids = IdSource(clock)
    transport = PostgresTransport(bus.url, clock, ids.new(), other_processes=False)
    made = GraphSettings.model_validate(
        {
            "database_url": SecretStr(database.url),
            "owner_database_url": SecretStr(database.owner_url),
            "bus_url": SecretStr(bus.url),
            "service_key_file": folder / "graph.pem",
            "service_keys_file": keys_file,
            "timer_poll_ms": 60_000,
            "engine_poll_ms": 20,
            **settings,
        }
    )
    app = create_app(made, Surroundings(clock, ids, Edge(identity, issuer), transport))
    await transport.open()
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client,
        ):
            yield GraphHouse(app, app.state.chassis, made, clock, issuer, identity, client, database)
    finally:
        await transport.close()
