"""Bytes as the files write them in text."""

from __future__ import annotations

import base64


def from_base64url(text: str) -> bytes:
    """RFC 4648, section 5, with or without padding. Raises ValueError for another character."""
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
