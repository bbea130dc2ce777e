"""A device key: signs each act by the one profile of RFC 9421, with the digest of RFC 9530.

The canonical spelling is written here by hand, as a client signs thousands; tests hold it to the library.
"""

import hashlib
import os
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NONCE_BYTES = 16


class ActSigner(Protocol):
    """What makes a request an act: a device key, or a wallet in its place."""

    def sign(
        self,
        *,
        method: str,
        target_uri: str,
        body: bytes,
        created_seconds: int,
        idempotency_key: str | None = None,
        nonce: str | None = None,
    ) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """An Ed25519 key; `key_id` is the RFC 7638 thumbprint of `public_key`, both base64url."""

    private_key: Ed25519PrivateKey
    public_key: str
    key_id: str

    @classmethod
    def of(cls, private_key: bytes) -> "DeviceKey":
        key = Ed25519PrivateKey.from_private_bytes(private_key)
        public_key = base64url(key.public_key().public_bytes_raw())
        jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
        return cls(key, public_key, base64url(hashlib.sha256(jwk.encode()).digest()))

    @classmethod
    def create(cls) -> "DeviceKey":
        """A new key from the system's randomness."""
        return cls.of(os.urandom(32))

    @classmethod
    def derived(cls, seed: str, name: str) -> "DeviceKey":
        """The key of this name under this seed: always the same one. For demonstrations and tests."""
        return cls.of(hashlib.sha256(f"guildhall device\n{seed}\n{name}".encode()).digest())

    def sign(
        self,
        *,
        method: str,
        target_uri: str,
        body: bytes,
        created_seconds: int,
        idempotency_key: str | None = None,
        nonce: str | None = None,
    ) -> dict[str, str]:
        """The header fields that make a request this device's act; the nonce is drawn when none is given."""
        digest = f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"
        names = '"@method" "@target-uri" "content-digest"'
        keyed = ""
        if idempotency_key is not None:
            names += ' "idempotency-key"'
            keyed = f'"idempotency-key": {idempotency_key}\n'
        parameters = (
            f'({names});created={created_seconds};keyid="{self.key_id}";alg="ed25519"'
            f';nonce="{nonce or base64url(os.urandom(NONCE_BYTES))}";tag="guildhall-act"'
        )
        base = (
            f'"@method": {method}\n"@target-uri": {target_uri}\n"content-digest": {digest}\n'
            f'{keyed}"@signature-params": {parameters}'
        )
        signature = b64encode(self.private_key.sign(base.encode("ascii"))).decode()
        return {
            "content-digest": digest,
            "signature-input": f"act={parameters}",
            "signature": f"act=:{signature}:",
        }

    def __repr__(self) -> str:
        return f"DeviceKey({self.key_id})"


def base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
