"""Sign-In with Ethereum: the wallet signs one message, which certifies the device key."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

from guildhall.client.answer import Answer
from guildhall.client.connections import Connections
from guildhall.client.device_key import DeviceKey
from guildhall.client.session import Session, Tokens
from guildhall.client.wallet import Wallet

DEVICE_KEY_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the deployment asks to be signed, and the cookie that binds it to this client."""

    nonce: str
    domain: str
    uri: str
    chain_id: int
    purpose: str
    cookie: str

    @classmethod
    def of(cls, answer: Answer) -> "Invitation":
        asked: dict[str, Any] = answer.json()
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        return cls(
            nonce=asked["nonce"],
            domain=asked["domain"],
            uri=asked["uri"],
            chain_id=asked["chain_id"],
            purpose=asked["purpose"],
            cookie="; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
        )


async def sign_in(
    connections: Connections,
    wallet: Wallet,
    device: DeviceKey,
    *,
    now: Callable[[], float] = time.time,
    patience_seconds: float = 0,
) -> Session:
    """Open a session for this wallet's member on this device; the first sign-in makes the member.

    The session signs in anew by itself when it can no longer be renewed. Raises Refused, Unreachable.
    """

    async def opened() -> tuple[str, Tokens]:
        return await _open(connections, wallet, device, now)

    public_url, tokens = await opened()
    return Session(
        connections,
        device,
        tokens,
        public_url=public_url,
        sign_in_again=opened,
        now=now,
        patience_seconds=patience_seconds,
    )


async def certify(
    connections: Connections, wallet: Wallet, device: DeviceKey, now: Callable[[], float] = time.time
) -> tuple[Invitation, str, str]:
    """What was asked, the message that certifies this device, and the wallet's signature over it.

    Raises Refused, Unreachable.
    """
    answer = await connections.request("POST", "/v1/auth/nonces")
    asked = Invitation.of(answer.checked())
    message = sign_in_message(asked, wallet.address, device.public_key, datetime.fromtimestamp(now(), UTC))
    return asked, message, wallet.sign(message)


async def _open(
    connections: Connections, wallet: Wallet, device: DeviceKey, now: Callable[[], float]
) -> tuple[str, Tokens]:
    asked, message, signature = await certify(connections, wallet, device, now)
    body = json.dumps({"message": message, "signature": signature}).encode()
    headers = {"cookie": asked.cookie} if asked.cookie else {}
    opened = await connections.request("POST", "/v1/auth/sessions", headers, body)
    return asked.uri, Tokens.of(opened.checked(), now())


def sign_in_message(asked: Invitation, address: str, device_public_key: str, issued_at: datetime) -> str:
    """The EIP-4361 text: who, where, until when, and which device key it certifies."""
    issued_at = issued_at.replace(microsecond=0)
    until = issued_at + DEVICE_KEY_LIFETIME
    return (
        f"{asked.domain} wants you to sign in with your Ethereum account:\n"
        f"{address}\n"
        "\n"
        f"Sign in to Guildhall. This device may sign acts for you until {until:%Y-%m-%d}.\n"
        "\n"
        f"URI: {asked.uri}\n"
        "Version: 1\n"
        f"Chain ID: {asked.chain_id}\n"
        f"Nonce: {asked.nonce}\n"
        f"Issued At: {issued_at:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Expiration Time: {until:%Y-%m-%dT%H:%M:%SZ}\n"
        "Resources:\n"
        f"- {asked.purpose}\n"
        f"- urn:guildhall:device:ed25519:{device_public_key}"
    )
