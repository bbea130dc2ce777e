"""Encryption keys: X25519 (RFC 7748) public keys by which others write to a member in confidence."""

import base64
import binascii

from services.identity.domain.profile_errors import EncryptionKeyRefused

KEY_BYTES = 32
_PRIME = 2**255 - 19
_SMALL_ORDER = frozenset(
    (
        0,
        1,
        _PRIME - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    )
)
"""The points of order 1, 2, 4 and 8 of the curve and its twist: everybody's secret with them is the same
(RFC 7748, section 6.1; D. J. Bernstein, Curve25519, 2006)."""


def read_encryption_key(text: str) -> bytes:
    """32 bytes in base64url. Raises EncryptionKeyRefused, also for a point of small order."""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise EncryptionKeyRefused("base64url") from None
    if len(key) != KEY_BYTES:
        raise EncryptionKeyRefused(f"{KEY_BYTES} bytes")
    # The top bit does not count, and the rest is read modulo the prime (RFC 7748, section 5).
    if int.from_bytes(key, "little") % 2**255 % _PRIME in _SMALL_ORDER:
        raise EncryptionKeyRefused("a point of full order")
    return key


def encryption_key_text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()
