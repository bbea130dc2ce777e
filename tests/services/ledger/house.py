"""The ledger on a real database, with identity at its edge: what the tests of this folder drive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from pydantic import SecretStr

from chassis.auth.claims import MemberClaims
from chassis.auth.issuer import TokenIssuer
from chassis.auth.keys import SigningKey
from chassis.auth.service_keys import ServiceKeys, provision_service_keys
from chassis.bus.postgres.transport import PostgresTransport
from chassis.clock import ManualClock
from chassis.device_keys import device_key_id
from chassis.ids import IdSource
from chassis.membership import UnionView, find_union
from chassis.peers import Peers
from chassis.service import Chassis, Surroundings
from chassis.signatures import sign_act
from chassis.unit_of_work import UnitOfWork
from events.declaration import Event
from events.identity import MembershipState, UnionState
from services.ledger.app import create_app
from services.ledger.consumers import ledger_consumers
from services.ledger.domain.accounts import AccountKind, member_account_id, union_account_id
from services.ledger.settings import LedgerSettings
from tests.services.ledger.identity_edge import PUBLIC_URL, Edge, Identity, certified_device
from tests.support.held_keys import HeldKeys
from tests.support.postgres import ServiceDatabase

UNION = UUID("0195e0c2-0000-7000-8000-00000000a001")
SLUG = "weavers"
DAY_MS = 86_400_000
PATH = f"/v1/unions/{SLUG}"
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
GRANT_MINOR = 250_000_000
SUPPLY_MINOR = 10_000_000_000_000
PARAMETERS: dict[str, int | str] = {
    "supply_minor": str(SUPPLY_MINOR),
    "treasury_share_basis_points": 8_000,
    "founder_share_basis_points": 1_000,
    "early_members_share_basis_points": 1_000,
    "joining_grant_minor": str(GRANT_MINOR),
    "joining_grants_per_day": 2_000,
}
FOUNDER = 0
SERVICES = ("ledger", "market", "funding", "graph", "identity", "gateway")


def member_id(number: int) -> UUID:
    """The members of the union; number 0 is the founder."""
    return UUID(int=0x0195E0C2_0000_7000_8000_000000000000 + number)


def account_of(number: int, kind: AccountKind = AccountKind.MEMBER, union_id: UUID = UNION) -> UUID:
    return member_account_id(union_id, member_id(number), kind)


def account_of_union(kind: AccountKind, union_id: UUID = UNION) -> UUID:
    return union_account_id(union_id, kind)


def union_event(
    union_id: UUID = UNION, slug: str = SLUG, /, *, version: int = 1, **parameters: int | str
) -> UnionState:
    return UnionState(
        union_id=union_id,
        version=version,
        slug=slug,
        state="active",
        founder_id=member_id(FOUNDER),
        token_symbol="GLD",
        token_scale=6,
        charter_version=version,
        charter_hash="c" * 43,
        parameters=PARAMETERS | parameters,
        founded_at=LONG_AGO,
    )


def membership_event(
    number: int,
    *,
    version: int = 1,
    state: str = "active",
    invited: bool = True,
    union_id: UUID = UNION,
) -> MembershipState:
    return MembershipState(
        union_id=union_id,
        member_id=member_id(number),
        version=version,
        state=state,
        role="founder" if number == FOUNDER else "member",
        charter_version=1,
        by_founder_invitation=invited,
        joined_at=LONG_AGO,
        changed_at=LONG_AGO,
    )


@dataclass
class LedgerHouse:
    """The running ledger; members act under device keys of their own, services under theirs."""

    app: FastAPI
    chassis: Chassis
    settings: LedgerSettings
    clock: ManualClock
    issuer: TokenIssuer
    identity: Identity
    client: httpx.AsyncClient
    database: ServiceDatabase
    folder: Path
    _devices: dict[int, Ed25519PrivateKey] = field(default_factory=dict[int, Ed25519PrivateKey])
    _acts_count: int = 0

    @property
    def peers(self) -> Peers:
        return self.chassis.peers

    def unit(self) -> UnitOfWork:
        return self.chassis.unit("test")

    async def union(self, unit: UnitOfWork) -> UnionView:
        found = await find_union(unit, SLUG)
        assert found is not None
        return found

    async def consume(self, *events: Event, grants_at_once_max: int = 1_000) -> None:
        """The events, each in a transaction of its own."""
        subscribers = ledger_consumers(self.peers, grants_at_once_max).subscribers
        for event in events:
            async with self.unit() as unit:
                await subscribers[event.declaration.type].handle(unit, [event])

    async def consume_together(self, events: Sequence[Event]) -> None:
        """Neighbours of one type, in one transaction."""
        subscribers = ledger_consumers(self.peers, 1_000).subscribers
        async with self.unit() as unit:
            await subscribers[events[0].declaration.type].handle(unit, events)

    async def found(self, members_count: int = 4, **parameters: int | str) -> None:
        """The union, the founder and members 1 to `members_count`, all with unlocked grants."""
        await self.consume(union_event(**parameters))  # pyright: ignore[reportArgumentType]
        await self.consume_together([membership_event(number) for number in range(members_count + 1)])

    async def forget_everything(self) -> None:
        """Empty every table and what identity knows, for the next test."""
        tables = await self.rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '%version'"
        )
        connection = await asyncpg.connect(self.database.owner_url)
        try:
            await connection.execute(";".join(f'DELETE FROM "{row["relname"]}"' for row in tables))
        finally:
            await connection.close()
        self.identity.unions.clear()
        self.identity.memberships.clear()
        self.identity.office_grants.clear()
        self.identity.businesses.clear()
        self.identity.business_grants.clear()
        self.identity.device_keys.clear()
        self.identity.asked.clear()
        self.identity.is_away = False
        self.identity.while_asked = None
        self._devices.clear()
        # What a test heard of rights that ended is of its union, and every test's union is the same.
        vars(self.chassis.revocations.view)["_rights"].clear()

    def advance_to_noon(self) -> None:
        """The next noon: clocks are never turned back."""
        now = self.clock.now()
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        self.clock.advance((noon if noon >= now else noon + timedelta(days=1)) - now)

    async def run_timers(self) -> int:
        return await self.chassis.timer_runner.run_due()

    async def get(self, path: str, number: int | None = 1) -> httpx.Response:
        """As a member of that number, or as nobody."""
        return await self.client.get(PATH + path, headers=self.bearer(number))

    async def act(
        self, method: str, path: str, body: Any = None, *, number: int = 1, key: str | None = None
    ) -> httpx.Response:
        """A signed act of a member."""
        content = b"" if body is None else orjson.dumps(body)
        headers = self.signed(number, method, f"{PATH}{path}", content, key=key)
        return await self.client.request(
            method,
            PATH + path,
            content=content,
            headers=self.bearer(number) | headers | {"content-type": "application/json"},
        )

    async def serve(
        self, service: str, method: str, path: str, body: Any = None, *, slug: str = SLUG
    ) -> httpx.Response:
        """A request of another service under its own key."""
        keys = ServiceKeys.load(
            service, self.folder / f"{service}.pem", self.settings.service_keys_file, self.clock
        )
        headers = {"authorization": f"Bearer {keys.token_for('ledger')}"}
        return await self.client.request(method, f"/v1/unions/{slug}{path}", json=body, headers=headers)

    async def pay(
        self, payer: int, payee: int, minor: int, transfer_id: UUID, **changed: Any
    ) -> tuple[str, str | None]:
        """One payment between members: its result and first result."""
        transfer = {
            "id": str(transfer_id),
            "debit_account": f"members/{member_id(payer)}",
            "credit_account": f"members/{member_id(payee)}",
            "asset": "GLD",
            "minor": str(minor),
            "code": "pay",
        } | changed
        answer = await self.act("POST", "/transfers", {"transfers": [transfer]}, number=payer)
        assert answer.status_code == 200, answer.text
        (result,) = answer.json()["results"]
        return result["result"], result["first_result"]

    async def balance(self, account_id: UUID) -> int:
        (row,) = await self.rows(
            "SELECT balance_minor FROM account_balances JOIN accounts USING (union_id, number) WHERE id = $1",
            account_id,
        )
        return row[0]

    async def rows(self, statement: str, *arguments: object) -> Sequence[asyncpg.Record]:
        """Raw rows, as the owner."""
        connection = await asyncpg.connect(self.database.owner_url)
        try:
            return await connection.fetch(statement, *arguments)
        finally:
            await connection.close()

    async def count(self, table: str) -> int:
        return (await self.rows(f"SELECT count(*) FROM {table}"))[0][0]

    async def published(self, event_type: str) -> list[dict[str, Any]]:
        rows = await self.rows("SELECT data FROM outbox WHERE type = $1 ORDER BY position", event_type)
        return [orjson.loads(row["data"]) for row in rows]

    def signed(
        self,
        number: int,
        method: str,
        path: str,
        content: bytes,
        *,
        key: str | None = None,
        created: datetime | None = None,
    ) -> dict[str, str]:
        """The header fields by which this member's device signs this request."""
        self._acts_count += 1
        device = self.device(number)
        return sign_act(
            private_key=device,
            key_id=device_key_id(device.public_key().public_bytes_raw()),
            method=method,
            target_uri=f"{PUBLIC_URL}{path}",
            body=content,
            created=created or self.clock.now(),
            nonce=f"{self._acts_count:022d}",
            idempotency_key=key,
        )

    def device(self, number: int) -> Ed25519PrivateKey:
        """The member's device key, certified by their wallet at identity."""
        if number not in self._devices:
            device = Ed25519PrivateKey.generate()
            self._devices[number] = device
            record = certified_device(device, member_id(number), self.clock.now())
            self.identity.device_keys[record["id"]] = record
        return self._devices[number]

    def bearer(self, number: int | None) -> dict[str, str]:
        if number is None:
            return {}
        public_key = self.device(number).public_key().public_bytes_raw()
        claims = MemberClaims(
            member_id=member_id(number),
            session_id=UUID(int=number + 1),
            device_key_id=device_key_id(public_key),
            device_public_key=public_key,
            audience="guildhall",
            expires_at=self.clock.now() + timedelta(minutes=10),
        )
        return {"authorization": f"Bearer {self.issuer.internal_token(claims, 'ledger').text}"}


@asynccontextmanager
async def running_ledger(
    database: ServiceDatabase, bus: ServiceDatabase, folder: Path, clock: ManualClock, **settings: Any
) -> AsyncGenerator[LedgerHouse]:
    """The service with what runs beside its requests; timers run when a test says so."""
    identity = Identity()
    keys_file = provision_service_keys(folder, SERVICES)
    issuer = TokenIssuer(HeldKeys(SigningKey.of(Ed25519PrivateKey.generate())), PUBLIC_URL, clock)
    ids = IdSource(clock)
    transport = PostgresTransport(bus.url, clock, ids.new(), other_processes=False)
    made = LedgerSettings.model_validate(
        {
            "database_url": SecretStr(database.url),
            "owner_database_url": SecretStr(database.owner_url),
            "bus_url": SecretStr(bus.url),
            "service_key_file": folder / "ledger.pem",
            "service_keys_file": keys_file,
            "timer_poll_ms": DAY_MS,  # longer than a whole suite: one house serves it
            "rights_remembered_ms": 0,
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
            chassis: Chassis = app.state.chassis
            yield LedgerHouse(app, chassis, made, clock, issuer, identity, client, database, folder)
    finally:
        await transport.close()
