"""Refresh tokens of one session: each is used once, and one that comes back late ends them all.

A successor is derived from the token presented and the session's salt, so that a repeated request within
the grace (two tabs, a lost answer) gets the same successor although only hashes are kept.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

TOKEN_BYTES = 32
SALT_BYTES = 32
TOKEN_PATTERN = r"^[A-Za-z0-9_-]{43}$"


class RefreshAnswer(Enum):
    """What a presented token gets."""

    ROTATE = auto()
    REPEAT = auto()
    END_FAMILY = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A kept token and its session, as they are found by the token's hash."""

    generation: int
    rotated_at: datetime | None
    newest_generation: int
    session_ended: bool
    session_expires_at: datetime


def answer(presented: PresentedToken, now: datetime, grace: timedelta) -> RefreshAnswer:
    """ROTATE an unused token, REPEAT the successor while that is unused and the grace lasts, else end."""
    if presented.session_ended or now >= presented.session_expires_at:
        return RefreshAnswer.REFUSE
    if presented.rotated_at is None:
        return RefreshAnswer.ROTATE
    successor_unused = presented.newest_generation == presented.generation + 1
    if successor_unused and now - presented.rotated_at <= grace:
        return RefreshAnswer.REPEAT
    return RefreshAnswer.END_FAMILY


def token_text(secret: bytes) -> str:
    """A refresh token as its holder keeps it: 43 characters."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def token_hash(token: str) -> bytes:
    """What is kept of a token: SHA-256; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8")).digest()


def successor(token: str, salt: bytes) -> str:
    """The token after this one (HMAC-SHA256, RFC 2104): nobody derives it without both token and salt."""
    return token_text(hmac.digest(salt, b"guildhall-refresh:" + token.encode("utf-8"), "sha256"))
