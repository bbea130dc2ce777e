"""What proofs cost one core: tokens and acts checked, sign-ins read, and Ed25519 alone beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid_utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.issuer import MEMBER_AUDIENCE, TokenIssuer
from chassis.auth.keys import SigningKey
from chassis.auth.verifier import TokenVerifier
from chassis.clock import SystemClock
from chassis.device_certificates import DeviceCertificate
from chassis.signatures import verify_act
from chassis.siwe.checks import SIGN_IN_PURPOSE
from guildhall.client import DeviceKey, Wallet
from guildhall.client.sign_in import Invitation, sign_in_message
from tests.support.held_keys import HeldKeys

ISSUER, TARGET = "https://guildhall.example", "https://guildhall.example/v1/me/devices"
TOKENS = 1_000
CHAIN_ID = 1


@dataclass(frozen=True, slots=True)
class ProofCosts:
    """Microseconds of one core each. `token_cached_us`: of a token that was seen before."""

    token_cached_us: float
    token_new_us: float
    token_made_us: float
    act_us: float
    sign_in_us: float
    ed25519_us: float
    """A verification of the library alone: the floor of an act."""

    @property
    def tokens_per_second(self) -> float:
        return 1e6 / self.token_cached_us


def proof_costs(rounds: int) -> ProofCosts:
    """`rounds`: of each kind; tokens are checked a hundred times as often."""
    return asyncio.run(_measured(rounds))


async def _measured(rounds: int) -> ProofCosts:
    clock, key = SystemClock(), SigningKey.of(Ed25519PrivateKey.generate())
    issuer = TokenIssuer(HeldKeys(key), ISSUER, clock)
    verifier = TokenVerifier(
        audience=MEMBER_AUDIENCE, issuer=ISSUER, member_keys=HeldKeys(key), service_keys={}, clock=clock
    )
    tokens = [_token(issuer) for _ in range(max(rounds, TOKENS))]
    token_new = await _microseconds(lambda number: verifier.verify(tokens[number]), rounds)
    known = tokens[: min(rounds, TOKENS)]
    cached = await _microseconds(lambda number: verifier.verify(known[number % len(known)]), rounds * 100)
    made = await _microseconds(lambda _: _later(lambda: _token(issuer)), rounds)
    act = await _microseconds(_act_check(), rounds)
    sign_in = await _microseconds(_sign_in_check(), rounds)
    return ProofCosts(cached, token_new, made, act, sign_in, await _microseconds(_ed25519(), rounds))


async def _microseconds(work: Callable[[int], Awaitable[object]], rounds: int) -> float:
    await work(0)
    began = time.process_time()
    for number in range(rounds):
        await work(number)
    return (time.process_time() - began) / rounds * 1e6


async def _later(work: Callable[[], object]) -> object:
    return work()


def _token(issuer: TokenIssuer) -> str:
    device = DeviceKey.create().private_key.public_key().public_bytes_raw()
    member, session = (UUID(int=uuid_utils.uuid7().int) for _ in range(2))
    return issuer.access_token(member_id=member, session_id=session, device_public_key=device).text


def _act_check() -> Callable[[int], Awaitable[object]]:
    device, body, created = DeviceKey.create(), b'{"name":"Telephone"}', datetime.now(UTC)
    created_seconds = int(created.timestamp())
    headers = device.sign(method="PATCH", target_uri=TARGET, body=body, created_seconds=created_seconds)
    public = device.private_key.public_key()

    def check() -> object:
        return verify_act(
            method="PATCH",
            target_uri=TARGET,
            headers=headers,
            body=body,
            public_key=lambda _: public,
            now=created + timedelta(seconds=1),
        )

    return lambda _: _later(check)


def _sign_in_check() -> Callable[[int], Awaitable[object]]:
    wallet, device, now = Wallet.create(), DeviceKey.create(), datetime.now(UTC)
    asked = Invitation("n" * 22, "guildhall.example", ISSUER, CHAIN_ID, SIGN_IN_PURPOSE, "")
    message = sign_in_message(asked, wallet.address, device.public_key, now)
    certificate = DeviceCertificate(message, wallet.sign(message))

    def check() -> object:
        return certificate.verify_sign_in(
            public_url=ISSUER, chain_id=CHAIN_ID, nonce=asked.nonce, now=now + timedelta(seconds=1)
        )

    return lambda _: _later(check)


def _ed25519() -> Callable[[int], Awaitable[object]]:
    key, text = Ed25519PrivateKey.generate(), b"x" * 400
    public, signature = key.public_key(), key.sign(text)
    return lambda _: _later(lambda: public.verify(signature, text))
