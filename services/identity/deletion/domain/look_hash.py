"""What is remembered of the handle of who was erased: that something looks like it, and no more."""

import hashlib
import hmac


def look_hash(look: str, key: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of what a handle looks like."""
    return hmac.digest(key, look.encode(), hashlib.sha256)
