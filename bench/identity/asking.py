"""Sign-ins and signed acts over the gateway: everything that a client does is done before the clock runs."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

from bench.gateway.load import cpu_seconds_of
from bench.gateway.served import Served
from bench.ledger.load import Sent, sent_of
from guildhall.client import Connections, DeviceKey, Session, Wallet, sign_in
from guildhall.client.sign_in import certify

CONNECTIONS = 16
WARM_REQUESTS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent, and the server's CPU for each request, in microseconds."""

    sent: Sent
    cpu_us: float


async def signing_in(deployment: Served, requests_a_connection: int) -> Asked:
    """One member a connection; each request brings a device of its own."""
    async with Connections(deployment.url) as connections:
        wallets = [Wallet.create() for _ in range(CONNECTIONS)]
        for wallet in wallets:
            await sign_in(connections, wallet, DeviceKey.create())

        async def stream(wallet: Wallet, count: int) -> list[bytes]:
            return [await _sign_in_request(deployment, connections, wallet) for _ in range(count)]

        for count in (WARM_REQUESTS, requests_a_connection):
            streams = list(await asyncio.gather(*(stream(wallet, count) for wallet in wallets)))
            asked = await _asked(deployment, streams)
    return asked


async def _sign_in_request(deployment: Served, connections: Connections, wallet: Wallet) -> bytes:
    asked, message, signature = await certify(connections, wallet, DeviceKey.create())
    body = json.dumps({"message": message, "signature": signature}).encode()
    return _request(deployment, "POST", "/v1/auth/sessions", body, {"cookie": asked.cookie})


async def acting(deployment: Served, requests_a_connection: int) -> Asked:
    """One member a connection; each act names the device that signs it."""
    async with Connections(deployment.url) as connections:
        sessions = [
            await sign_in(connections, Wallet.create(), DeviceKey.create()) for _ in range(CONNECTIONS)
        ]
    for count in (WARM_REQUESTS, requests_a_connection):
        streams = [[_act(deployment, session, number) for number in range(count)] for session in sessions]
        asked = await _asked(deployment, streams)
    return asked


def _act(deployment: Served, session: Session, number: int) -> bytes:
    path, body = f"/v1/me/devices/{session.device.key_id}", json.dumps({"name": f"Device {number}"}).encode()
    signed = session.device.sign(
        method="PATCH",
        target_uri=f"{session.public_url}{path}",
        body=body,
        created_seconds=int(time.time()),
    )
    return _request(
        deployment, "PATCH", path, body, {"authorization": f"Bearer {session.tokens.access_token}", **signed}
    )


async def _asked(deployment: Served, streams: list[list[bytes]]) -> Asked:
    before = cpu_seconds_of(deployment.process_id)
    sent = await asyncio.to_thread(sent_of, deployment.port, streams)
    used = cpu_seconds_of(deployment.process_id) - before
    return Asked(sent, used / sum(len(stream) for stream in streams) * 1e6)


def _request(deployment: Served, method: str, path: str, body: bytes, more: dict[str, str]) -> bytes:
    headers = {
        "host": f"localhost:{deployment.port}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        **more,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body
