"""The key by which the bridge's operator signs: made once for each data folder, read by us alone."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from eth_hash.auto import keccak

from chassis.siwe import checksum_address
from guildhall.refusals import StartRefused

OPERATOR_KEY = "bridge-operator.key"
"""Its file among the secrets of a deployment."""
_KEY_BYTES = 32


def operator_key(file: Path) -> str:
    """The operator's address; the key is made where there is none. Raises StartRefused."""
    try:
        if not file.exists():
            _make(file)
        return _address(bytes.fromhex(file.read_text().strip()))
    except (OSError, ValueError):
        raise StartRefused(f"{file} holds no key that can be read: restore it") from None


def _address(key: bytes) -> str:
    """The end of the hash of its public point (Yellow Paper, 284). Raises ValueError."""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{len(key)} bytes")
    public_key = ec.derive_private_key(int.from_bytes(key), ec.SECP256K1()).public_key()
    point = public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return checksum_address(keccak(point)[-20:])


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(_KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    beside.rename(file)
