"""People of the tests: each with a wallet and a device key, speaking HTTP through the gateway."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson

from chassis.clock import Clock
from guildhall.client import DeviceKey, Wallet
from guildhall.client.device_key import ActSigner
from guildhall.client.sign_in import Invitation, sign_in_message
from guildhall.client.wallet_acts import WalletActs
from tests.support.authenticator import Authenticator, challenge

_RENEWED_BEFORE_END = timedelta(seconds=30)
_EVENTS_MAX = 8


UNKEYED = frozenset({"/v1/me/exports"})
"""What is refused under an Idempotency-Key: its answer is not to be kept."""


@dataclass(slots=True)
class Persona:
    """`name` is a role: founder, employer, worker. Requests name the events of the last writes.

    Who has a passkey signs in by it, and the wallet is never used. With `signs_by_wallet`, the wallet signs
    acts in the device's place.
    """

    name: str
    http: httpx.AsyncClient
    public_url: str
    clock: Clock
    wallet: Wallet = field(default_factory=Wallet.create)
    device: DeviceKey = field(default_factory=DeviceKey.create)
    passkey: Authenticator | None = None
    signs_by_wallet: bool = False
    session: dict[str, Any] = field(default_factory=dict[str, Any])
    _good_until: datetime | None = None
    _events: list[str] = field(default_factory=list[str])

    @property
    def id(self) -> UUID:
        return UUID(self.session["member"]["id"])

    async def sign_in(self) -> None:
        """A new session; a wallet or passkey seen for the first time is a new member."""
        asked = await self.http.post("/v1/auth/nonces")
        assert asked.status_code == 201, asked.text
        cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
        self.http.cookies.clear()
        path, body = self._by_wallet(asked.json(), cookie) if self.passkey is None else self.by_passkey(asked)
        answer = await self.http.post(f"/v1/auth/{path}", json=body, headers={"cookie": cookie})
        assert answer.status_code == 201, answer.text
        self.session = answer.json()
        lifetime = timedelta(seconds=self.session["expires_in_seconds"])
        self._good_until = self.clock.now() + lifetime - _RENEWED_BEFORE_END
        self.http.cookies.clear()

    def by_passkey(self, asked: httpx.Response) -> tuple[str, dict[str, Any]]:
        """Where to, and the body: the passkey is made the first time, asked every other."""
        assert self.passkey is not None
        nonce = asked.json()["nonce"]
        signed = challenge(nonce, self.device.public_key)
        is_made = self.passkey.key is not None
        credential = self.passkey.get(signed) if is_made else self.passkey.create(signed)
        body = {"nonce": nonce, "device_public_key": self.device.public_key, "credential": credential}
        return "passkey-sessions" if is_made else "passkeys", body

    def _by_wallet(self, asked: Mapping[str, Any], cookie: str) -> tuple[str, dict[str, Any]]:
        wanted = Invitation(
            **{name: asked[name] for name in ("nonce", "domain", "uri", "chain_id", "purpose")}, cookie=cookie
        )
        message = sign_in_message(wanted, self.wallet.address, self.device.public_key, self.clock.now())
        return "sessions", {"message": message, "signature": self.wallet.sign(message)}

    async def get(self, path: str, **parameters: str | int) -> httpx.Response:
        return await self.send("GET", path, parameters=parameters)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        parameters: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """With the bearer token alone: what reads, and edits what binds nobody."""
        content = b"" if body is None else orjson.dumps(body)
        return await self._send(method, path, content, dict(headers or {}), parameters)

    async def put_file(self, path: str, content: bytes) -> httpx.Response:
        """`path` ends with the content's digest."""
        return await self._send("PUT", path, content, {"content-type": "application/octet-stream"}, None)

    async def act(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        idempotency_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        nonce: str | None = None,
    ) -> httpx.Response:
        """Signed; a POST without a key of its own gets a new one where it may."""
        content = b"" if body is None else orjson.dumps(body)
        key = idempotency_key or (secrets.token_hex(16) if method == "POST" and path not in UNKEYED else None)
        signer: ActSigner = WalletActs(self.wallet, self.device) if self.signs_by_wallet else self.device
        signed = signer.sign(
            method=method,
            target_uri=f"{self.public_url}{path}",
            body=content,
            created_seconds=int(self.clock.now().timestamp()),
            idempotency_key=key,
            nonce=nonce,
        )
        if key is not None:
            signed["idempotency-key"] = key
        return await self._send(method, path, content, {**signed, **(headers or {})}, None)

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes,
        headers: dict[str, str],
        parameters: Mapping[str, str | int] | None,
    ) -> httpx.Response:
        if self._good_until is None or self.clock.now() >= self._good_until:
            await self.sign_in()
        headers.setdefault("authorization", f"Bearer {self.session['access_token']}")
        if content:
            headers.setdefault("content-type", "application/json")
        if self._events:
            headers.setdefault("guildhall-after", ", ".join(self._events))
        answer = await self.http.request(
            method, path, content=content, headers=headers, params=dict(parameters) if parameters else None
        )
        written = [event.strip() for event in answer.headers.get("guildhall-event", "").split(",")]
        self._events = ([event for event in written if event] + self._events)[:_EVENTS_MAX]
        return answer
