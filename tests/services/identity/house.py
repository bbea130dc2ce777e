"""Identity as its callers meet it: devices that sign in and sign acts, services with their tokens."""

import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account
from eth_account.messages import encode_defunct
from fastapi import FastAPI

from chassis.auth.service_keys import ServiceKeys
from chassis.clock import ManualClock
from chassis.device_keys import device_key_id
from chassis.signatures import sign_act
from chassis.siwe import SIGN_IN_PURPOSE, SiweMessage, device_resource
from chassis.unit_of_work import UnitOfWork
from services.identity.api.joined import Identity
from services.identity.settings import IdentitySettings
from tests.support.postgres import ServiceDatabase

NONCE_COOKIE = "guildhall_nonce"


def account() -> Any:
    """A wallet nobody has used."""
    return Account.from_key(secrets.token_bytes(32))


@dataclass(slots=True)
class IdentityHouse:
    """The application, its clock and its database."""

    app: FastAPI
    settings: IdentitySettings
    clock: ManualClock
    keys: Mapping[str, ServiceKeys]
    database: ServiceDatabase
    others: dict[str, httpx.Response] = field(default_factory=dict[str, httpx.Response])
    """What other services answer when they are asked for an export."""
    _superuser: asyncpg.Connection | None = None

    def http(self, address: str = "127.0.0.1") -> httpx.AsyncClient:
        """A client without cookies of its own."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 40_000))
        return httpx.AsyncClient(transport=transport, base_url="http://identity")

    def unit(self, actor: str = "tests") -> UnitOfWork:
        return self.app.state.chassis.unit(actor)

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        """What stands in the database, read past every role."""
        connection = self._superuser
        if connection is None:
            connection = self._superuser = await asyncpg.connect(self.database.superuser_url)
        return await connection.fetch(query, *values)

    @contextmanager
    def limited(self, **given: int) -> Generator[None]:
        """Its limits as given, while entered."""
        identity: Identity = self.app.state.identity
        before = identity.settings
        object.__setattr__(identity, "settings", before.model_copy(update=given))
        try:
            yield
        finally:
            object.__setattr__(identity, "settings", before)

    async def as_service(
        self, service: str, method: str, path: str, body: object = None, **more: Any
    ) -> httpx.Response:
        token = self.keys[service].token_for("identity")
        async with self.http() as http:
            if body is not None:
                more["json"] = body
            headers = {"authorization": f"Bearer {token}"} | more.pop("headers", {})
            return await http.request(method, path, headers=headers, **more)

    async def exchange(self, access_token: str, audience: str = "identity") -> httpx.Response:
        return await self.as_service(
            "gateway",
            "POST",
            "/internal/token-exchange",
            {
                "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token": access_token,
                "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                "audience": audience,
            },
        )

    async def get(self, path: str, **parameters: str | int) -> httpx.Response:
        """As somebody who is not signed in."""
        async with self.http() as http:
            return await http.get(path, params=parameters)

    async def member(self) -> "Member":
        """A new member, signed in on a device of theirs."""
        member = Member(self)
        response = await member.sign_in()
        assert response.status_code == 201, response.text
        return member

    async def close(self) -> None:
        if self._superuser is not None:
            await self._superuser.close()


@dataclass(slots=True)
class Nonce:
    """What POST /v1/auth/nonces gave this browser."""

    nonce: str
    cookie: str


@dataclass(slots=True)
class Member:
    """A wallet, a device key and what identity answered them."""

    house: IdentityHouse
    wallet: Any = field(default_factory=account)
    device: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    session: dict[str, Any] = field(default_factory=dict[str, Any])
    token: str = ""

    @property
    def id(self) -> UUID:
        return UUID(self.session["member"]["id"])

    @property
    def device_key_id(self) -> str:
        return device_key_id(self.device.public_key().public_bytes_raw())

    async def nonce(self) -> Nonce:
        async with self.house.http() as http:
            response = await http.post("/v1/auth/nonces")
        return Nonce(response.json()["nonce"], response.cookies[NONCE_COOKIE])

    def message(self, nonce: str, **changes: Any) -> str:
        """The text that the wallet signs; `changes` are fields of the EIP-4361 message."""
        now = self.house.clock.now()
        message = SiweMessage(
            domain="guild.example",
            address=self.wallet.address,
            uri="https://guild.example",
            chain_id=1,
            nonce=nonce,
            issued_at=now,
            expiration_time=now + timedelta(days=30),
            resources=(
                SIGN_IN_PURPOSE,
                device_resource(self.device.public_key().public_bytes_raw()),
            ),
        )
        return replace(message, **changes).text()

    def signature(self, message: str) -> str:
        return "0x" + self.wallet.sign_message(encode_defunct(text=message)).signature.hex().removeprefix(
            "0x"
        )

    async def present(
        self, message: str, cookie: str | None, signature: str | None = None, **headers: str
    ) -> httpx.Response:
        """POST the message with a signature (this wallet's by default)."""
        sent = dict(headers)
        if cookie is not None:
            sent["cookie"] = f"{NONCE_COOKIE}={cookie}"
        async with self.house.http() as http:
            return await http.post(
                "/v1/auth/sessions",
                json={"message": message, "signature": signature or self.signature(message)},
                headers=sent,
            )

    async def sign_in(self, **headers: str) -> httpx.Response:
        nonce = await self.nonce()
        response = await self.present(self.message(nonce.nonce), nonce.cookie, **headers)
        if response.status_code == 201:
            self.session = response.json()
            await self.renew_internal_token()
        return response

    async def renew_internal_token(self) -> None:
        response = await self.house.exchange(self.session["access_token"])
        assert response.status_code == 200, response.text
        self.token = response.json()["access_token"]

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """A request under the token alone."""
        async with self.house.http() as http:
            return await http.request(
                method,
                path,
                content=None if body is None else orjson.dumps(body),
                headers={"authorization": f"Bearer {self.token}", "content-type": "application/json"}
                | headers,
            )

    async def act(
        self, method: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """A request that the device key signs."""
        content = b"" if body is None else orjson.dumps(body)
        signed = sign_act(
            private_key=self.device,
            key_id=self.device_key_id,
            method=method,
            target_uri=f"{self.house.settings.public_url}{path}",
            body=content,
            created=self.house.clock.now(),
            nonce=secrets.token_urlsafe(16),
            idempotency_key=key,
        )
        async with self.house.http() as http:
            return await http.request(
                method,
                path,
                content=content,
                headers={"authorization": f"Bearer {self.token}", "content-type": "application/json"}
                | headers
                | signed,
            )

    async def found(self, name: str, **more: object) -> dict[str, Any]:
        """A union of this member's."""
        response = await self.act("POST", "/v1/unions", {"name": name, "purpose": "Work together."} | more)
        assert response.status_code == 201, response.text
        return response.json()

    async def join(self, union: Mapping[str, Any], invitation: str | None = None) -> httpx.Response:
        """Join under the charter that the union has by now."""
        present = (await self.house.get(f"/v1/unions/{union['id']}")).json()
        return await self.act(
            "POST",
            f"/v1/unions/{union['id']}/memberships",
            {"charter_version": present["charter_version"], "charter_hash": present["charter_hash"]}
            | ({} if invitation is None else {"invitation": invitation}),
        )
