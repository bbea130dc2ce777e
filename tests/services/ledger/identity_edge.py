"""Identity as the ledger meets it: its keys, its internal answers, devices that a wallet certified."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import cbor2
import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account as Wallet
from eth_account.messages import encode_defunct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.auth.issuer import TokenIssuer
from chassis.device_keys import device_key_id, write_public_key
from chassis.passkeys import PasskeyCertificate
from chassis.siwe import SIGN_IN_PURPOSE, SiweMessage, device_resource
from events.identity import (
    BusinessGrantState,
    BusinessState,
    MembershipState,
    OfficeGrantState,
    UnionState,
)
from tests.support.authenticator import Authenticator, challenge
from tests.support.ended import nothing_has_ended

PUBLIC_URL = "http://localhost:8080"


@dataclass
class Identity:
    """What identity answers to the ledger when it asks."""

    unions: dict[str, UnionState] = field(default_factory=dict[str, UnionState])
    memberships: dict[UUID, MembershipState] = field(default_factory=dict[UUID, MembershipState])
    office_grants: dict[UUID, OfficeGrantState] = field(default_factory=dict[UUID, OfficeGrantState])
    businesses: dict[UUID, BusinessState] = field(default_factory=dict[UUID, BusinessState])
    business_grants: dict[tuple[UUID, UUID], BusinessGrantState] = field(
        default_factory=dict[tuple[UUID, UUID], BusinessGrantState]
    )
    device_keys: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    asked: list[str] = field(default_factory=list[str])
    is_away: bool = False
    while_asked: Callable[[], Awaitable[object]] | None = None
    """Done before what a member holds in a business is answered."""


class Edge:
    """Identity's keys and its internal answers."""

    def __init__(self, identity: Identity, issuer: TokenIssuer) -> None:
        def answer(request: Request, known: bytes | None) -> Response:
            identity.asked.append(request.url.path)
            if identity.is_away:
                return Response(status_code=503)
            status = 404 if known is None else 200
            return Response(known or b"{}", status_code=status, media_type="application/json")

        async def keys(_: Request) -> Response:
            return Response(orjson.dumps(issuer.jwk_set()), media_type="application/json")

        async def union(request: Request) -> Response:
            known = identity.unions.get(request.path_params["union"])
            return answer(request, None if known is None else known.model_dump_json().encode())

        async def membership(request: Request) -> Response:
            known = identity.memberships.get(UUID(request.path_params["member"]))
            return answer(request, None if known is None else known.model_dump_json().encode())

        async def office_grants(request: Request) -> Response:
            known = identity.office_grants.get(UUID(request.path_params["member"]))
            return answer(request, None if known is None else known.model_dump_json().encode())

        async def business(request: Request) -> Response:
            known = identity.businesses.get(UUID(request.path_params["business"]))
            return answer(request, None if known is None else known.model_dump_json().encode())

        async def business_grants(request: Request) -> Response:
            if identity.while_asked is not None:
                await identity.while_asked()
            key = (UUID(request.path_params["business"]), UUID(request.path_params["member"]))
            known = identity.business_grants.get(key)
            return answer(request, None if known is None else known.model_dump_json().encode())

        async def device_key(request: Request) -> Response:
            known = identity.device_keys.get(request.path_params["key"])
            return answer(request, None if known is None else orjson.dumps(known))

        self.app = Starlette(
            routes=[
                Route("/.well-known/jwks.json", keys),
                nothing_has_ended(),
                Route("/internal/unions/{union}", union),
                Route("/internal/unions/{union}/memberships/{member}", membership),
                Route("/internal/unions/{union}/office-grants/{member}", office_grants),
                Route("/internal/unions/{union}/businesses/{business}", business),
                Route("/internal/unions/{union}/businesses/{business}/grants/{member}", business_grants),
                Route("/internal/device-keys/{key}", device_key),
            ]
        )
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://identity")

    def client(self, service: str) -> httpx.AsyncClient:
        assert service == "identity"
        return self._client


def certified_device(device: Ed25519PrivateKey, member: UUID, now: datetime) -> dict[str, Any]:
    """A device key as identity tells it, with a certificate that a wallet really signed."""
    public_key = device.public_key().public_bytes_raw()
    wallet = Wallet.from_key(f"0x{member.int + 1:064x}")
    message = SiweMessage(
        domain="localhost:8080",
        address=wallet.address,
        statement="Sign in to Guildhall.",
        uri=PUBLIC_URL,
        chain_id=1,
        nonce="abcdefgh12345678",
        issued_at=now,
        expiration_time=now + timedelta(days=90),
        resources=(SIGN_IN_PURPOSE, device_resource(public_key)),
    ).text()
    signature = wallet.sign_message(encode_defunct(text=message)).signature
    return {
        "id": device_key_id(public_key),
        "member_id": str(member),
        "kind": "ed25519",
        "public_key": write_public_key(public_key),
        "revoked_at": None,
        "certificates": [
            {
                "issuer_kind": "wallet",
                "issuer": wallet.address,
                "message": message,
                "signature": f"0x{bytes(signature).hex()}",
                "certified_at": now.isoformat(),
            }
        ],
    }


def device_by_passkey(
    device: Ed25519PrivateKey,
    member: UUID,
    now: datetime,
    passkey: Authenticator | None = None,
    **forged: Any,
) -> dict[str, Any]:
    """A device key as identity tells it, with a certificate that a passkey really signed."""
    written = write_public_key(device.public_key().public_bytes_raw())
    passkey = passkey or Authenticator("localhost", PUBLIC_URL)
    passkey.create(b"when it was made")
    made = passkey.get(challenge("a" * 32, written), **forged)
    certificate = PasskeyCertificate.of_assertion(
        nonce="a" * 32,
        device_public_key=written,
        credential_id=made["id"],
        client_data=made["response"]["clientDataJSON"],
        authenticator_data=made["response"]["authenticatorData"],
        signature=made["response"]["signature"],
        public_key=cbor2.dumps(passkey.public_key()),
        certified_at=now,
    )
    told = {"issuer_kind": "passkey", "issuer": made["id"], "message": certificate.message}
    told |= {"signature": certificate.signature, "certified_at": now.isoformat()}
    return certified_device(device, member, now) | {"certificates": [told]}
