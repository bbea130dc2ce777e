"""Everything that the story needs at random derives from its seed, so that it can be taken up anywhere."""

from __future__ import annotations

import hashlib
import random

SEED = "guildhall"
"""The one of the demo that ships."""


class Seed:
    """Keys, idempotency keys and random streams by name; the same for the same seed."""

    def __init__(self, text: str) -> None:
        self.text = text

    def bytes_of(self, *name: str | int) -> bytes:
        """32 bytes for this name."""
        path = "/".join(str(part) for part in (self.text, *name))
        return hashlib.sha256(path.encode()).digest()

    def key_of(self, *name: str | int) -> str:
        """An Idempotency-Key for this name."""
        return self.bytes_of("key", *name).hex()[:32]

    def stream(self, *name: str | int) -> random.Random:
        """A stream of random choices for this name."""
        return random.Random(self.bytes_of("stream", *name))  # noqa: S311 - a story, no secret
