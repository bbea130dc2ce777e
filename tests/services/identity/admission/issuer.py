"""Somebody who issues verifiable credentials under a did:key of their own."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CONTEXT_2 = "https://www.w3.org/ns/credentials/v2"
CONTEXT_1 = "https://www.w3.org/2018/credentials/v1"
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_EC = {"ES256": (ec.SECP256R1, b"\x80\x24"), "ES256K": (ec.SECP256K1, b"\xe7\x01")}


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def did_of(multicodec: bytes) -> str:
    """did:key of prefix and key (base58btc)."""
    number, letters = int.from_bytes(multicodec), ""
    while number:
        number, at = divmod(number, 58)
        letters = _LETTERS[at] + letters
    return f"did:key:z{letters}"


class Issuer:
    """`algorithm`: EdDSA, ES256, ES256K."""

    def __init__(self, algorithm: str = "EdDSA") -> None:
        self.algorithm = algorithm
        self.key: Any
        if algorithm == "EdDSA":
            self.key = Ed25519PrivateKey.generate()
            self.public = self.key.public_key().public_bytes_raw()
            self.did = did_of(b"\xed\x01" + self.public)
        else:
            curve, prefix = _EC[algorithm]
            self.key = ec.generate_private_key(curve())
            self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
            self.did = did_of(prefix + self.public)

    def way(self, credential_type: str = "Baker") -> str:
        return f"credential:{credential_type}@{self.did}"

    def sign(self, header: dict[str, Any], payload: object) -> str:
        """Whatever these are."""
        text = f"{base64url(orjson.dumps(header))}.{base64url(orjson.dumps(payload))}"
        return f"{text}.{base64url(self.signature(text.encode()))}"

    def signature(self, text: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            return self.key.sign(text)
        r, s = decode_dss_signature(self.key.sign(text, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def header(self, **changed: Any) -> dict[str, Any]:
        return {"alg": self.algorithm, "typ": "vc+jwt", "kid": f"{self.did}#{self.did[8:]}"} | changed

    def payload(self, subject: str, *types: str, **changed: Any) -> dict[str, Any]:
        """Of the Data Model 2.0."""
        return {
            "@context": [CONTEXT_2],
            "type": ["VerifiableCredential", *(types or ("Baker",))],
            "issuer": self.did,
            "credentialSubject": {"id": subject, "guild": "Lisbon"},
        } | changed

    def issued(self, subject: str, *types: str, **changed: Any) -> str:
        return self.sign(self.header(), self.payload(subject, *types, **changed))

    def issued_before(self, subject: str, *types: str, now: datetime, **changed: Any) -> str:
        """Of the Data Model 1.1, as a JWT for a day."""
        document = {
            "@context": [CONTEXT_1],
            "type": ["VerifiableCredential", *(types or ("Baker",))],
            "credentialSubject": {"guild": "Lisbon"},
        }
        begins = int(now.timestamp())
        claims = {"iss": self.did, "sub": subject, "nbf": begins, "exp": begins + 86_400, "vc": document}
        return self.sign(self.header(typ="JWT"), claims | changed)


def time_text(at: datetime, **later: float) -> str:
    return (at + timedelta(**later)).astimezone(UTC).isoformat().replace("+00:00", "Z")
