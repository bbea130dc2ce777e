"""Files of acts as a deployment gives them out, made here by a device, a wallet and passkeys in software."""

from __future__ import annotations

import copy
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.device_keys import device_key_id, write_public_key
from chassis.passkeys import PasskeyCertificate
from chassis.signatures import content_digest, sign_act
from chassis.siwe import SIGN_IN_PURPOSE, SiweMessage, device_resource
from guildhall.client import DeviceKey, Wallet
from guildhall.client.wallet_acts import WalletActs
from tests.support.authenticator import ES256, Authenticator, challenge

ORIGIN = "https://guild.example"
SIGNED_AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
BODY = b'{"leader": "ada"}'
DEVICE, WALLET = Ed25519PrivateKey.generate(), Wallet.create()
PUBLIC = DEVICE.public_key().public_bytes_raw()


def act_part(device: Ed25519PrivateKey = DEVICE, **changed: Any) -> dict[str, Any]:
    """`changed`: what is signed otherwise."""
    public = device.public_key().public_bytes_raw()
    signed: dict[str, Any] = {
        "method": "PUT",
        "target_uri": f"{ORIGIN}/v1/unions/weavers/voice",
        "body": BODY,
        "created": SIGNED_AT,
        "nonce": "A" * 22,
        "idempotency_key": None,
    } | changed
    fields = sign_act(private_key=device, key_id=device_key_id(public), **signed)
    return {
        "service": "graph",
        "member_id": "01a400f6-3600-7241-87c8-ec97096eeb19",
        "device_key_id": device_key_id(public),
        "method": signed["method"],
        "target_uri": signed["target_uri"],
        "content_digest": content_digest(signed["body"]),
        "idempotency_key": signed["idempotency_key"],
        "created": int(signed["created"].timestamp()),
        "nonce": signed["nonce"],
        "signature_input": fields["signature-input"],
        "signature": fields["signature"],
        "body": b64encode(signed["body"]).decode(),
        "stored_at": SIGNED_AT.isoformat(),
    }


def act_by_wallet(wallet: Wallet = WALLET, **changed: Any) -> dict[str, Any]:
    """As `act_part`; the wallet signed it in the device's place."""
    act = act_part(**changed)
    fields = WalletActs(wallet, DeviceKey.of(DEVICE.private_bytes_raw())).sign(
        method=act["method"],
        target_uri=act["target_uri"],
        body=b64decode(act["body"]),
        created_seconds=act["created"],
        idempotency_key=act["idempotency_key"],
        nonce=act["nonce"],
    )
    return act | {"signature_input": fields["signature-input"], "signature": fields["signature"]}


def message(**changed: Any) -> str:
    made = SiweMessage(
        domain="guild.example",
        address=WALLET.address,
        uri=ORIGIN,
        chain_id=1,
        nonce="nonce1234",
        issued_at=SIGNED_AT - timedelta(days=1),
        statement="Sign in to Guildhall",
        expiration_time=SIGNED_AT + timedelta(days=30),
        resources=(SIGN_IN_PURPOSE, device_resource(PUBLIC)),
    )
    return replace(made, **changed).text()


def by_wallet(wallet: Wallet = WALLET, **changed: Any) -> dict[str, Any]:
    text = message(**changed)
    return _certificate("wallet", WALLET.address, text, wallet.sign(text))


def by_passkey(
    algorithm: int = ES256, *, made: bool = False, signed_by: Authenticator | None = None, **client: Any
) -> dict[str, Any]:
    """By an assertion, or by the registration. `client`: what the browser wrote otherwise."""
    passkey = Authenticator("guild.example", ORIGIN, algorithm)
    device, asked = write_public_key(PUBLIC), challenge("nonce1234", write_public_key(PUBLIC))
    registered = passkey.create(asked, **(client if made else {}))
    named: dict[str, Any] = {
        "nonce": "nonce1234",
        "device_public_key": device,
        "credential_id": registered["id"],
        "certified_at": SIGNED_AT - timedelta(days=1),
    }
    if made:
        certificate = PasskeyCertificate.of_registration(
            client_data=registered["response"]["clientDataJSON"],
            attestation_object=registered["response"]["attestationObject"],
            **named,
        )
    else:
        import cbor2

        answer = (signed_by or passkey).get(asked, **client)["response"]
        certificate = PasskeyCertificate.of_assertion(
            client_data=answer["clientDataJSON"],
            authenticator_data=answer["authenticatorData"],
            signature=answer["signature"],
            public_key=cbor2.dumps(passkey.public_key()),
            **named,
        )
    return _certificate("passkey", registered["id"], certificate.message, certificate.signature)


def _certificate(kind: str, issuer: str, text: str, signature: str) -> dict[str, Any]:
    return {
        "device_public_key": write_public_key(PUBLIC),
        "issuer_kind": kind,
        "issuer": issuer,
        "message": text,
        "signature": signature,
        "certified_at": (SIGNED_AT - timedelta(days=1)).isoformat(),
    }


def file_of(act: dict[str, Any] | None = None, certificate: dict[str, Any] | None = None) -> dict[str, Any]:
    return copy.deepcopy(
        {
            "kind": "act",
            "format": 1,
            "act": act or act_part(),
            "certificate": certificate or by_wallet(),
        }
    )
