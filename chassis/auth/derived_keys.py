"""Keys that are drawn from a service's own secret, one a purpose: every replica draws the same."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derived_key(secret: bytes, purpose: str, length_bytes: int = KEY_BYTES) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt. Who has one key learns neither the secret nor another's key.

    `purpose` is a name for ever: what was made under the key of another one is lost.
    """
    info = f"guildhall {purpose}".encode()
    return HKDF(SHA256(), length_bytes, salt=None, info=info).derive(secret)
