"""Ed25519 keys of devices and services as RFC 8037 JWKs, named by their RFC 7638 thumbprint."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from chassis.errors import DomainError

KEY_LENGTH_BYTES = 32


class PublicKeyMalformed(DomainError):
    """The text is not the base64url form of a 32-byte Ed25519 public key."""


def write_public_key(key: bytes) -> str:
    """Base64url of the 32 bytes, unpadded: the `x` of a JWK."""
    return urlsafe_b64encode(key).rstrip(b"=").decode()


def read_public_key(written: str) -> bytes:
    """The 32 bytes; only the canonical spelling is taken. Raises PublicKeyMalformed."""
    try:
        key = urlsafe_b64decode(f"{written}=")
    except (NotBase64, ValueError):
        raise PublicKeyMalformed from None
    if len(key) != KEY_LENGTH_BYTES or write_public_key(key) != written:
        raise PublicKeyMalformed
    return key


def public_jwk(key: bytes) -> dict[str, str]:
    """The public OKP JWK of a key (RFC 8037)."""
    return {"crv": "Ed25519", "kty": "OKP", "x": write_public_key(key)}


def device_key_id(key: bytes) -> str:
    """The RFC 7638 thumbprint of a public key: SHA-256 of its JWK's required members in their one order."""
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{write_public_key(key)}"}}'
    return urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()
