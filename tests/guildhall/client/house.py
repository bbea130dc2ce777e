"""A deployment small enough for tests: nonces, sessions, refreshes and one signed route, over real tokens."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from chassis.auth.claims import MemberClaims
from chassis.auth.issuer import MEMBER_AUDIENCE, TokenIssuer
from chassis.auth.keys import SigningKey
from chassis.auth.verifier import TokenRefused, TokenVerifier
from chassis.clock import ManualClock
from chassis.device_certificates import DeviceCertificate
from chassis.ids import derived_id
from chassis.signatures import ActRefused, verify_act
from chassis.siwe import SIGN_IN_PURPOSE
from guildhall.client import Connections
from tests.support.held_keys import HeldKeys

PUBLIC_URL = "https://guild.example"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROOF_SECONDS = 300
"""How old the proof of a key may be for an act on `/v1/keys`."""
KEY = SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes(32)))


@dataclass
class House:
    """What the deployment has seen, and how it is made to fail."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    seen: list[str] = field(default_factory=list[str])
    after: list[str | None] = field(default_factory=list[str | None])
    bodies: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    """Media type and content of each PUT."""
    away_count: int = 0
    broken_count: int = 0
    refuses_refresh: bool = False
    sign_ins_count: int = 0
    signed_in_at: float = 0
    refresh_token: str = "refresh-0"
    device_public_key: bytes = b""

    def __post_init__(self) -> None:
        self.issuer = TokenIssuer(HeldKeys(KEY), PUBLIC_URL, self.clock)
        self.verifier = TokenVerifier(
            audience=MEMBER_AUDIENCE,
            issuer=PUBLIC_URL,
            member_keys=HeldKeys(KEY),
            service_keys={},
            clock=self.clock,
        )
        self.app = _app(self)

    def now(self) -> float:
        return self.clock.now().timestamp()

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connections]:
        def transport() -> httpx.AsyncBaseTransport:
            return _Breaking(self)

        # The address that the client dials is not the public one, as behind a proxy.
        async with Connections("http://10.0.0.7:9", connections_max=4, make_transport=transport) as made:
            yield made

    def session(self, wallet_address: str) -> dict[str, Any]:
        member = derived_id(UUID(int=1), wallet_address)
        token = self.issuer.access_token(
            member_id=member, session_id=UUID(int=2), device_public_key=self.device_public_key
        )
        return {
            "access_token": token.text,
            "expires_in_seconds": token.lifetime_seconds,
            "refresh_token": self.refresh_token,
            "member": {"id": str(member), "handle": wallet_address[:8]},
        }


class _Breaking(httpx.ASGITransport):
    def __init__(self, house: House) -> None:
        super().__init__(house.app)
        self._house = house

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._house.broken_count > 0:
            self._house.broken_count -= 1
            raise httpx.ReadError("cut")
        return await super().handle_async_request(request)


def _problem(status: int, name: str) -> JSONResponse:
    return JSONResponse({"type": f"/problems/{name}", "title": name, "status": status}, status)


def _app(house: House) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def away(request: Request, call: Any) -> Response:
        house.seen.append(f"{request.method} {request.url.path}")
        house.after.append(request.headers.get("guildhall-after"))
        if request.method == "PUT":
            media_type = request.headers.get("content-type", "").encode()
            house.bodies.append((media_type, await request.body()))
        if house.away_count > 0:
            house.away_count -= 1
            return _problem(503, "unavailable")
        return await call(request)

    _serve_auth(app, house)
    _serve_acts(app, house)
    return app


def _serve_auth(app: FastAPI, house: House) -> None:
    wallet: list[str] = []

    @app.post("/v1/auth/nonces", status_code=201)
    async def nonce(response: Response) -> dict[str, Any]:
        response.set_cookie("guildhall_nonce", "browser-1", httponly=True, samesite="strict", path="/v1/auth")
        return {
            "nonce": "nonce1234567",
            "domain": "guild.example",
            "uri": PUBLIC_URL,
            "chain_id": 5,
            "purpose": SIGN_IN_PURPOSE,
        }

    @app.post("/v1/auth/sessions", status_code=201, response_model=None)
    async def session(request: Request) -> dict[str, Any] | Response:
        if request.cookies != {"guildhall_nonce": "browser-1"}:
            return _problem(401, "nonce-of-another-browser")
        certificate = DeviceCertificate(**(await request.json()))
        certified = certificate.verify_sign_in(
            public_url=PUBLIC_URL, chain_id=5, nonce="nonce1234567", now=house.clock.now()
        )
        house.sign_ins_count += 1
        house.signed_in_at = house.now()
        house.device_public_key = certified.public_key
        wallet[:] = [certified.wallet_address]
        return house.session(certified.wallet_address)

    @app.post("/v1/auth/refreshes", response_model=None)
    async def refresh(request: Request) -> dict[str, Any] | Response:
        if house.refuses_refresh or (await request.json())["refresh_token"] != house.refresh_token:
            return _problem(401, "refresh-token-unknown")
        house.refresh_token = f"refresh-{int(house.refresh_token[8:]) + 1}"
        return house.session(wallet[0])


def _serve_acts(app: FastAPI, house: House) -> None:
    @app.api_route("/v1/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], response_model=None)
    async def route(request: Request, rest: str) -> Any:
        try:
            claims = await house.verifier.verify(request.headers["authorization"].removeprefix("Bearer "))
        except TokenRefused:
            return _problem(401, "unauthenticated")
        assert isinstance(claims, MemberClaims)
        if "signature" not in request.headers:
            return {"rest": rest, "signed": False}
        query = request.scope["query_string"].decode()
        try:
            act = verify_act(
                method=request.method,
                target_uri=f"{PUBLIC_URL}{request.scope['raw_path'].decode()}{'?' if query else ''}{query}",
                headers=request.headers,
                body=await request.body(),
                public_key=lambda _: Ed25519PublicKey.from_public_bytes(claims.device_public_key),
                now=house.clock.now(),
            )
        except ActRefused as refusal:
            return _problem(401, type(refusal).__name__)
        if rest == "keys" and house.now() - house.signed_in_at > PROOF_SECONDS:
            return _problem(401, "insufficient-user-authentication")
        told = {"rest": rest, "signed": True, "key": act.idempotency_key, "body": act.body.decode()}
        return JSONResponse(told, headers={"Guildhall-Event": f"{rest}/1, {rest}/2"})


def later(house: House, seconds: int) -> None:
    house.clock.advance(timedelta(seconds=seconds))
