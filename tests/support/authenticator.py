"""An authenticator in software: makes passkeys and signs with them, as a browser hands on the answers."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, EDDSA, RS256 = -7, -8, -257

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def private_key(algorithm: int) -> PrivateKey:
    match algorithm:
        case -7:
            return ec.generate_private_key(ec.SECP256R1())
        case -8:
            return ed25519.Ed25519PrivateKey.generate()
        case _:
            return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def challenge(nonce: str, device_public_key: str) -> bytes:
    """Computed here a second time, by the words of the contract."""
    return hashlib.sha256(f"guildhall passkey v1\n{nonce}\n{device_public_key}".encode()).digest()


@dataclass(slots=True)
class Authenticator:
    """One passkey of one relying party. `counts`: it counts its signatures, as synced passkeys do not."""

    rp_id: str
    origin: str
    algorithm: int = ES256
    counts: bool = False
    flags: int = PRESENT | VERIFIED
    user_handle: bytes = b""
    sign_count: int = 0
    key: PrivateKey | None = None
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, challenge: bytes, user_handle: bytes = b"", /, **changes: Any) -> dict[str, Any]:
        """The RegistrationResponseJSON of `navigator.credentials.create()`; `changes` forge client data."""
        self.key = self.key or private_key(self.algorithm)
        self.user_handle = user_handle
        cose = cbor2.dumps(self.public_key())
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cose
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + attested}
        return self._credential(
            {
                "clientDataJSON": base64url(self._client_data("webauthn.create", challenge, changes)),
                "attestationObject": base64url(cbor2.dumps(attestation)),
                "transports": ["internal"],
            }
        )

    def get(self, challenge: bytes, /, **changes: Any) -> dict[str, Any]:
        """The AuthenticationResponseJSON of `navigator.credentials.get()`."""
        if self.counts:
            self.sign_count += 1
        data, client = self._data(self.flags), self._client_data("webauthn.get", challenge, changes)
        return self._credential(
            {
                "clientDataJSON": base64url(client),
                "authenticatorData": base64url(data),
                "signature": base64url(self._sign(data + hashlib.sha256(client).digest())),
                "userHandle": base64url(self.user_handle),
            }
        )

    def public_key(self) -> dict[int, Any]:
        """The COSE key (RFC 9053)."""
        match self.key:
            case ec.EllipticCurvePrivateKey():
                numbers, size = self.key.public_key().public_numbers(), (self.key.key_size + 7) // 8
                point = {-2: numbers.x.to_bytes(size, "big"), -3: numbers.y.to_bytes(size, "big")}
                return {1: 2, 3: self.algorithm, -1: {256: 1, 384: 2}[self.key.key_size]} | point
            case ed25519.Ed25519PrivateKey():
                return {1: 1, 3: self.algorithm, -1: 6, -2: self.key.public_key().public_bytes_raw()}
            case rsa.RSAPrivateKey():
                numbers = self.key.public_key().public_numbers()
                modulus = numbers.n.to_bytes(self.key.key_size // 8, "big")
                return {1: 3, 3: self.algorithm, -1: modulus, -2: numbers.e.to_bytes(3, "big")}
            case _:
                raise AssertionError("no passkey was made yet")

    def _sign(self, content: bytes) -> bytes:
        match self.key:
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(content, ec.ECDSA(SHA256()))
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(content)
            case rsa.RSAPrivateKey():
                return self.key.sign(content, padding.PKCS1v15(), SHA256())
            case _:
                raise AssertionError("no passkey was made yet")

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.sign_count)

    def _client_data(self, kind: str, challenge: bytes, changes: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": base64url(challenge), "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | changes, separators=(",", ":")).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        written = base64url(self.credential_id)
        return {
            "id": written,
            "rawId": written,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
