"""Links to contents that anybody may follow who has them, for some time: what an <img> can ask for."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chassis.auth.derived_keys import derived_key
from chassis.auth.keys import SigningKey
from chassis.files.errors import LinkNotValid


@dataclass(frozen=True, slots=True)
class FileLinks:
    """HMAC-SHA256 (RFC 2104) under a key that is drawn from the service's own: every replica makes and knows
    the same links, and a new service key ends them all."""

    key: bytes
    seconds: int

    @classmethod
    def of(cls, own: SigningKey, seconds: int) -> FileLinks:
        return cls(derived_key(own.secret, "file links"), seconds)

    def link(self, path: str, now: datetime) -> str:
        """The path with the time until which it works and the signature of both.

        For `seconds` it is the same link, so that a browser keeps what it fetched by it.
        """
        until = (int(now.timestamp()) // self.seconds + 2) * self.seconds
        return f"{path}?until={until}&signature={self._signature(path, until)}"

    def check(self, path: str, until: int, signature: str, now: datetime) -> int:
        """For how many more seconds the link works. Raises LinkNotValid."""
        left = until - int(now.timestamp())
        right = self._signature(path, until)
        if not hmac.compare_digest(right.encode(), signature.encode()) or left <= 0:
            raise LinkNotValid
        return left

    def _signature(self, path: str, until: int) -> str:
        made = hmac.digest(self.key, f"{until} {path}".encode(), sha256)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
