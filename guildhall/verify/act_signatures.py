"""What a device signed of an act, built anew from the file (RFC 9421, section 2.5; RFC 9530)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from guildhall.verify.encoding import from_base64url
from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.keys import is_ed25519_signed, typed_data_signer

Shown = Mapping[str, Any]

_INPUT = re.compile(r'act=(\((?P<names>"[^()]*")\)(?P<parameters>(?:;[a-z]+=(?:\d+|"[^"]*"))*))')
_PARAMETER = re.compile(r';([a-z]+)=(?:(\d+)|"([^"]*)")')
_SIGNATURE = re.compile(r"act=:([A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{87}=):")
_COVERED = ("@method", "@target-uri", "content-digest")
_BY_WALLET = "eip712"
_ALGORITHMS = ("ed25519", _BY_WALLET)
_PARAMETERS = {"created", "keyid", "alg", "nonce", "tag"}
_DOMAIN = {"name": "Guildhall", "version": "1"}
_ACT = [
    {"name": "method", "type": "string"},
    {"name": "target", "type": "string"},
    {"name": "body", "type": "string"},
    {"name": "idempotencyKey", "type": "string"},
    {"name": "created", "type": "uint64"},
    {"name": "nonce", "type": "string"},
    {"name": "device", "type": "string"},
]


def check_body(act: Shown) -> None:
    """Raises Altered, and what reading malformed fields raises."""
    body = base64.b64decode(act["body"], validate=True)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if act["content_digest"] != f"sha-256=:{digest}:":
        raise Altered("the body is not the one that was signed: its digest is another")


def check_signature(act: Shown, certificate: Shown) -> bool:
    """Whether the wallet signed in the device's place. Raises Altered, Unreadable, and what reading malformed
    fields raises."""
    device_public_key = certificate["device_public_key"]
    given, signature = _INPUT.fullmatch(act["signature_input"]), _SIGNATURE.fullmatch(act["signature"])
    if given is None or signature is None:
        raise Unreadable("the act's signature is in a spelling that is not read here")
    if thumbprint_of(device_public_key) != act["device_key_id"]:
        raise Altered("the certified key is not the one that the act names: its thumbprint is another")
    told = {name: number or text for name, number, text in _PARAMETER.findall(given["parameters"])}
    if set(told) != _PARAMETERS or told["alg"] not in _ALGORITHMS or told["tag"] != "guildhall-act":
        raise Altered("the signature is not one of an act: algorithm, purpose or parameters are others")
    if told["keyid"] != act["device_key_id"]:
        raise Altered("the signature names another device key than the act")
    if told["created"] != str(act["created"]):
        raise Altered("the act is of another time than was signed")
    if told["nonce"] != act["nonce"]:
        raise Altered("the act has another nonce than was signed")
    names = [name.strip('"') for name in given["names"].split(" ")]
    key = act["idempotency_key"]
    if sorted(names) != sorted((*_COVERED, *(() if key is None else ("idempotency-key",)))):
        raise Altered("the signature does not cover method, target, digest and idempotency key")
    values: dict[str, Any] = {
        "@method": act["method"],
        "@target-uri": act["target_uri"],
        "content-digest": act["content_digest"],
        "idempotency-key": key,
    }
    if any(not isinstance(values[name], str) or "\n" in values[name] for name in names):
        raise Unreadable("the act has a line that cannot have been signed")
    if told["alg"] == _BY_WALLET:
        _check_wallet(act, certificate, base64.b64decode(signature[1]))
        return True
    lines = [*(f'"{name}": {values[name]}' for name in names), f'"@signature-params": {given[1]}']
    public_key = from_base64url(device_public_key)
    if not is_ed25519_signed(public_key, base64.b64decode(signature[1]), "\n".join(lines).encode()):
        raise Altered(
            "the act's signature does not fit: method, target, digest, idempotency key or parameters were "
            "altered, or another key signed"
        )
    return False


def _check_wallet(act: Shown, certificate: Shown, signature: bytes) -> None:
    """EIP-712, as the wallet showed it: docs/acts.md."""
    if certificate["issuer_kind"] != "wallet":
        raise Altered("a wallet signed in the place of a device that none has certified")
    shown = {
        "method": act["method"],
        "target": act["target_uri"],
        "body": base64.b64decode(act["body"]).decode(),
        "idempotencyKey": act["idempotency_key"] or "",
        "created": act["created"],
        "nonce": act["nonce"],
        "device": act["device_key_id"],
    }
    if typed_data_signer(_DOMAIN, {"Act": _ACT}, shown, f"0x{signature.hex()}") != certificate["issuer"]:
        raise Altered(
            "the act's signature does not fit: method, target, body, idempotency key, time or nonce were "
            "altered, or another wallet signed than the one that certified the device"
        )


def thumbprint_of(public_key: str) -> str:
    """RFC 7638, of an Ed25519 key in base64url."""
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
    return base64.urlsafe_b64encode(hashlib.sha256(jwk.encode()).digest()).rstrip(b"=").decode()
