"""A market or a funding service on databases of its own, beside a ledger that answers as the test says."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

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
from chassis.membership import keep_membership, keep_union
from chassis.service import Chassis, Surroundings
from chassis.settings import ServiceSettings
from chassis.signatures import sign_act
from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState, UnionState
from tests.support.ended import nothing_has_ended
from tests.support.held_keys import HeldKeys
from tests.support.postgres import ServiceDatabase

PUBLIC_URL = "http://localhost:8080"
UNION = UUID("0195e0c2-0000-7000-8000-000000000001")
SLUG = "painters"
ROOT = f"/v1/unions/{UNION}"
SERVICES = ("identity", "graph", "market", "ledger", "funding", "gateway")

Settings = TypeVar("Settings", bound=ServiceSettings)


@dataclass
class LedgerDouble:
    """The edge of these tests: it posts everything, unless told to refuse a code or to be away.

    The flows of tests/flows run on the real ledger.
    """

    refuses: dict[str, str] = field(default_factory=dict[str, str])
    """Results by transfer code."""
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    """Statuses by method and last part of the path, such as `PUT accounts`."""
    is_away: bool = False
    transfers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    escrows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refused_places: list[int] = field(default_factory=list[int])
    """Lines that every run has refused, by their place."""
    cancelled: list[str] = field(default_factory=list[str])
    announcements: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])

    def posted(self, code: str) -> list[dict[str, Any]]:
        return [transfer for transfer in self.transfers if transfer["code"] == code]

    def app(self) -> Starlette:
        base = "/v1/unions/{union}"
        return Starlette(
            routes=[
                Route(f"{base}/accounts/{{account}}", self._guarded("accounts", self._open), methods=["PUT"]),
                Route(f"{base}/transfers", self._guarded("transfers", self._post), methods=["POST"]),
                Route(
                    f"{base}/transfer-cancellations",
                    self._guarded("transfer-cancellations", self._cancel),
                    methods=["POST"],
                ),
                Route(f"{base}/runs/{{run}}/refused-lines", self._guarded("refused-lines", self._refused)),
                Route(f"{base}/runs/{{run}}", self._guarded("runs", self._announce), methods=["PUT"]),
                Route(
                    f"{base}/runs/{{run}}/lines/{{chunk}}",
                    self._guarded("lines", self._chunk),
                    methods=["PUT"],
                ),
            ]
        )

    def _guarded(self, noun: str, answer: Callable[[Request, Any], Any]) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            sent = await request.body()
            status = 503 if self.is_away else self.statuses.get(f"{request.method} {noun}", 200)
            if status >= 400:
                return _json({"type": f"/problems/told-{status}"}, status)
            return _json(answer(request, orjson.loads(sent) if sent else None))

        return handle

    def _open(self, request: Request, body: Any) -> Any:
        self.escrows.append({"id": request.path_params["account"], **body})
        return {}

    def _post(self, _: Request, body: Any) -> Any:
        results: list[dict[str, Any]] = []
        for transfer in body["transfers"]:
            result = self.refuses.get(transfer["code"], "posted")
            if result == "posted":
                self.transfers.append(transfer)
            results.append({"id": transfer["id"], "result": result})
        return {"results": results}

    def _cancel(self, _: Request, body: Any) -> Any:
        self.cancelled += body["ids"]
        return {"results": [{"id": name, "result": "cancelled"} for name in body["ids"]]}

    def _announce(self, request: Request, body: Any) -> Any:
        self.announcements[request.path_params["run"]] = body
        return {}

    def _refused(self, request: Request, _: Any) -> Any:
        """One line a page."""
        cursor = int(request.query_params.get("cursor", "0"))
        items = [{"index": place, "result": "x"} for place in self.refused_places[cursor : cursor + 1]]
        more = cursor + 1 < len(self.refused_places)
        return {"items": items, "next_cursor": str(cursor + 1) if more else None}

    def _chunk(self, request: Request, body: Any) -> Any:
        self.lines.setdefault(request.path_params["run"], []).extend(body["lines"])
        return {}


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


class Transports:
    """Identity, which has keys and knows nobody whom the projection does not know, and the ledger."""

    def __init__(self, ledger: LedgerDouble, issuer: TokenIssuer) -> None:
        async def keys(_: Request) -> Response:
            return _json(issuer.jwk_set())

        async def knows_nobody(_: Request) -> Response:
            return _json({"type": "/problems/not-found"}, 404)

        apps = {
            "identity": Starlette(
                routes=[
                    Route("/.well-known/jwks.json", keys),
                    nothing_has_ended(),
                    Route("/internal/{rest:path}", knows_nobody),
                ]
            ),
            "ledger": ledger.app(),
        }
        self._clients = {
            name: httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{name}")
            for name, app in apps.items()
        }

    def client(self, service: str) -> httpx.AsyncClient:
        return self._clients[service]


@dataclass(frozen=True)
class Person:
    """Somebody with a device key; a member of the union once they joined it."""

    id: UUID
    device: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        return self.device.public_key().public_bytes_raw()


@dataclass
class House:
    """The service, its clock, its ledger, and a client that signs."""

    app: FastAPI
    chassis: Chassis
    clock: ManualClock
    ledger: LedgerDouble
    issuer: TokenIssuer
    client: httpx.AsyncClient
    acts_count: int = 0

    def unit(self) -> UnitOfWork:
        return self.chassis.unit("test")

    async def person(self, state: str | None = "active") -> Person:
        """Somebody new; None: a stranger to the union."""
        person = Person(self.chassis.ids.new(), Ed25519PrivateKey.generate())
        if state is not None:
            await self.keep_membership(person, state, version=1)
        return person

    async def keep_membership(self, person: Person, state: str, version: int) -> None:
        event = MembershipState(
            version=version,
            union_id=UNION,
            member_id=person.id,
            state=state,
            role="member",
            charter_version=1,
            by_founder_invitation=False,
            joined_at=self.clock.now(),
            changed_at=self.clock.now(),
        )
        async with self.unit() as unit:
            await keep_membership(await unit.raw(), event)

    async def get(self, who: Person | None, path: str) -> httpx.Response:
        return await self.client.get(path, headers=self._token(who))

    async def post(
        self, who: Person | None, path: str, body: Any = None, *, signed: bool = True, key: str | None = None
    ) -> httpx.Response:
        return await self._send("POST", who, path, body, signed, key)

    async def put_file(
        self, who: Person | None, path: str, content: bytes, name: str = "", digest: str | None = None
    ) -> httpx.Response:
        """The file below `path`, under its digest."""
        headers = {**self._token(who), "content-type": "application/octet-stream"}
        target = f"{path}/{digest or sha256(content).hexdigest()}"
        return await self.client.put(target, params={"name": name}, content=content, headers=headers)

    async def delete(self, who: Person | None, path: str, *, signed: bool = True) -> httpx.Response:
        return await self._send("DELETE", who, path, None, signed, None)

    async def _send(
        self, method: str, who: Person | None, path: str, body: Any, signed: bool, key: str | None
    ) -> httpx.Response:
        content = b"" if body is None else orjson.dumps(body)
        headers = {**self._token(who), "content-type": "application/json"}
        if key is not None:
            headers["idempotency-key"] = key
        if signed and who is not None:
            self.acts_count += 1
            headers |= sign_act(
                private_key=who.device,
                key_id=device_key_id(who.public_key),
                method=method,
                target_uri=f"{PUBLIC_URL}{path}",
                body=content,
                created=self.clock.now(),
                nonce=f"nonce-{self.acts_count:016d}",
                idempotency_key=key,
            )
        return await self.client.request(method, path, content=content, headers=headers)

    def _token(self, who: Person | None) -> dict[str, str]:
        if who is None:
            return {}
        claims = MemberClaims(
            member_id=who.id,
            session_id=who.id,
            device_key_id=device_key_id(who.public_key),
            device_public_key=who.public_key,
            audience="guildhall",
            expires_at=self.clock.now() + timedelta(minutes=10),
        )
        return {"authorization": f"Bearer {self.issuer.internal_token(claims, self.chassis.service).text}"}

    async def pass_time(self, seconds: int) -> None:
        """Move the clock, run what has come due, and wait for the intents that it recorded."""
        self.clock.advance(timedelta(seconds=seconds))
        await self.chassis.timer_runner.run_due()
        await self.reconcile()

    async def reconcile(self) -> None:
        """Settle whatever waits, however often it was tried."""
        async with self.unit() as unit:
            raw = await unit.raw()
            rows = await raw.fetch("SELECT id FROM intents WHERE state = 'waiting'")
        await self.chassis.settler.wait([row["id"] for row in rows])

    async def rows(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        async with self.unit() as unit:
            raw = await unit.raw()
            return [dict(row) for row in await raw.fetch(query, *parameters)]

    async def published(self, event_type: str) -> list[dict[str, Any]]:
        """The data of the outbox' events of a type, in their order."""
        rows = await self.rows("SELECT data FROM outbox WHERE type = $1 ORDER BY position", event_type)
        return [orjson.loads(row["data"]) for row in rows]


def the_union(founded_at: Any) -> UnionState:
    return UnionState(
        version=1,
        union_id=UNION,
        slug=SLUG,
        state="active",
        founder_id=UUID(int=1),
        token_symbol="GLD",
        token_scale=6,
        charter_version=1,
        charter_hash=hashlib.sha256(b"charter").hexdigest(),
        parameters={},
        founded_at=founded_at,
    )


@asynccontextmanager
async def open_house(
    service: str,
    settings_class: type[Settings],
    create_app: Callable[[Settings, Surroundings], FastAPI],
    database: ServiceDatabase,
    folder: Path,
    clock: ManualClock,
    **settings: Any,
) -> AsyncGenerator[House]:
    """The service without its background work, so without a bus: tests run timers and intents themselves."""
    keys_file = provision_service_keys(folder, SERVICES)
    issuer = TokenIssuer(HeldKeys(SigningKey.of(Ed25519PrivateKey.generate())), PUBLIC_URL, clock)
    ids = IdSource(clock)
    transport = PostgresTransport(database.url, clock, ids.new(), other_processes=False)
    made = settings_class.model_validate(
        {
            "public_url": PUBLIC_URL,
            "database_url": SecretStr(database.url),
            "owner_database_url": SecretStr(database.owner_url),
            "bus_url": SecretStr(database.url),
            "service_key_file": folder / f"{service}.pem",
            "service_keys_file": keys_file,
            "files_folder": folder / "files",
            **settings,
        }
    )
    ledger = LedgerDouble()
    app = create_app(made, Surroundings(clock, ids, Transports(ledger, issuer), transport))
    chassis: Chassis = app.state.chassis
    await chassis.keep_house()
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
            house = House(app, chassis, clock, ledger, issuer, client)
            async with house.unit() as unit:
                await keep_union(await unit.raw(), the_union(clock.now()))
            yield house
    finally:
        await chassis.settler.stop()
        await chassis.database.close()
