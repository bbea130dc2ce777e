"""The key that personal links are derived from: all replicas derive the same."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def links_key(secret: bytes) -> bytes:
    """RFC 5869, of identity's own secret: who has the rows alone has no link."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"guildhall personal links").derive(secret)
