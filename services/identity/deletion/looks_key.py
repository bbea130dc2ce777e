"""The key under which handles of erased members are remembered: all replicas derive the same."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def looks_key(secret: bytes) -> bytes:
    """RFC 5869, of identity's own secret: who has the rows alone cannot try handles against them."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"guildhall erased handles").derive(secret)
