"""Ed25519 keys that sign tokens: private ones from PEM files, public ones from JWK sets (RFC 7517, 8037)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import OKPKey

from chassis.device_keys import PublicKeyMalformed, device_key_id, public_jwk, read_public_key

ALGORITHM = "Ed25519"
KEYS_MAX = 64


class KeyFileWrong(Exception):
    """A file of keys cannot be used; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its id, the RFC 7638 thumbprint of its public half."""

    key_id: str
    private_key: OKPKey
    public_key: bytes

    @classmethod
    def of(cls, private_key: Ed25519PrivateKey) -> "SigningKey":
        public_key = private_key.public_key().public_bytes_raw()
        return cls(device_key_id(public_key), OKPKey.import_key(private_key), public_key)

    @property
    def secret(self) -> bytes:
        """The private key's bytes, for what is derived from it."""
        key = self.private_key.raw_value
        assert isinstance(key, Ed25519PrivateKey)
        return key.private_bytes_raw()

    def pem(self) -> bytes:
        """The private key as a PEM file holds it."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )

    def jwk(self, **members: str) -> dict[str, str]:
        """The public half as a JWK, with further members."""
        return {**public_jwk(self.public_key), "kid": self.key_id, "alg": ALGORITHM, "use": "sig", **members}


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key of a set; `service` is the name of its owner in the set of all services."""

    key_id: str
    public_key: OKPKey
    service: str | None


def load_signing_key(path: Path) -> SigningKey:
    """Read a PEM file. Raises KeyFileWrong."""
    try:
        return read_signing_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyFileWrong(f"{path} is no readable PEM file of an Ed25519 private key: {error}") from error


def read_signing_key(pem: bytes) -> SigningKey:
    """A private key as a PEM file holds it. Raises ValueError."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("a private key of another kind than Ed25519")
    return SigningKey.of(key)


def create_signing_key(path: Path) -> SigningKey:
    """Make a key and write it for its owner alone; a file that exists is never written over."""
    private_key = Ed25519PrivateKey.generate()
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)
    return SigningKey.of(private_key)


def read_jwk_set(jwk_set: Mapping[str, Any]) -> dict[str, VerifyingKey]:
    """The Ed25519 signature keys of a JWK set by id; all other keys in it are left out.

    The key alone says what verifies with it: `alg` and `use` must fit where they are given, and a key's
    id must be its thumbprint. Raises KeyFileWrong where this is no set, or a too large one.
    """
    keys = jwk_set.get("keys")
    if not isinstance(keys, list) or len(keys) > KEYS_MAX:
        raise KeyFileWrong(f"this is no JWK set of at most {KEYS_MAX} keys")
    read = (_read_jwk(jwk) for jwk in keys)
    return {key.key_id: key for key in read if key is not None}


def _read_jwk(jwk: object) -> VerifyingKey | None:
    if not isinstance(jwk, dict):
        return None
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or "d" in jwk:
        return None
    if jwk.get("alg", ALGORITHM) != ALGORITHM or jwk.get("use", "sig") != "sig":
        return None
    try:
        public_key = read_public_key(str(jwk.get("x")))
    except PublicKeyMalformed:
        return None
    if jwk.get("kid") != device_key_id(public_key):
        return None
    service = jwk.get("service")
    return VerifyingKey(
        device_key_id(public_key),
        OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public_key)),
        service if isinstance(service, str) else None,
    )
