"""A passkey's certificate of a device: what it answered in a browser (WebAuthn level 3, 7.1 and 7.2).

Its challenge is SHA-256 over a label, the nonce and the device key: so its signature certifies that key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from guildhall.verify.cbor import read_cbor
from guildhall.verify.encoding import from_base64url
from guildhall.verify.findings import Altered
from guildhall.verify.keys import is_cose_signed

LABEL = "guildhall passkey v1"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
HEAD_BYTES = 37
"""Of authenticator data: hash, flags, counter. Then an AAGUID of 16 bytes, and the id with its length."""


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """`fingerprint`: SHA-256 of the passkey's public key, in hex. A registration is not signed."""

    credential_id: str
    fingerprint: str
    is_signed: bool


def check_passkey(certificate: Mapping[str, Any], origin: str) -> PasskeyAnswer:
    """Raises Altered, and ValueError, TypeError or KeyError for what is not of its form."""
    said = json.loads(certificate["message"])
    if said["device_public_key"] != certificate["device_public_key"]:
        raise Altered("the passkey certified another device key")
    is_registration = "attestation_object" in said
    client_data = from_base64url(said["client_data"])
    _check_client_data(json.loads(client_data), said, origin, is_registration=is_registration)
    if is_registration:
        attestation, _ = read_cbor(from_base64url(said["attestation_object"]))
        data: bytes = attestation["authData"]
        cose = _attested_key(data, said["credential_id"])
    else:
        data, cose = from_base64url(said["authenticator_data"]), from_base64url(said["public_key"])
    if data[:32] != hashlib.sha256((urlsplit(origin).hostname or "").encode()).digest():
        raise Altered(f"the passkey is of another address than {origin}")
    if not data[32] & PRESENT or not data[32] & VERIFIED:
        raise Altered("the passkey answered without having seen its member")
    if not is_registration:
        key, rest = read_cbor(cose)
        signed = data + hashlib.sha256(client_data).digest()
        if rest or not is_cose_signed(key, from_base64url(certificate["signature"]), signed):
            raise Altered("the passkey's signature does not fit what it answered")
    return PasskeyAnswer(said["credential_id"], hashlib.sha256(cose).hexdigest(), not is_registration)


def _check_client_data(
    told: Mapping[str, Any], said: Mapping[str, Any], origin: str, *, is_registration: bool
) -> None:
    if told["type"] != ("webauthn.create" if is_registration else "webauthn.get"):
        raise Altered("the passkey answered another question")
    asked = f"{LABEL}\n{said['nonce']}\n{said['device_public_key']}"
    if from_base64url(told["challenge"]) != hashlib.sha256(asked.encode()).digest():
        raise Altered("the passkey's challenge is not that of this device key")
    if told["origin"] != origin or told.get("crossOrigin"):
        raise Altered(f"the passkey answered at {told['origin']}, not at {origin}")


def _attested_key(data: bytes, credential_id: str) -> bytes:
    if not data[32] & ATTESTED:
        raise Altered("no passkey was made")
    length = int.from_bytes(data[HEAD_BYTES + 16 : HEAD_BYTES + 18])
    begin = HEAD_BYTES + 18
    if from_base64url(credential_id) != data[begin : begin + length]:
        raise Altered("another passkey was made than the certificate names")
    rest = data[begin + length :]
    _, after = read_cbor(rest)
    return rest[: len(rest) - len(after)]
