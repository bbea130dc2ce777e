"""Where a list of a device's acts goes on, as its cursor says: for services, and for who asks them all."""

import re

from chassis.pages import cursor_fields
from chassis.problems import CURSOR_INVALID, Problem

Position = tuple[int, str]
"""The second that the last act was signed in, and its nonce."""
SECONDS_MAX = 253_402_300_799  # the end of the year 9999
NONCE = r"^[A-Za-z0-9_-]{16,64}$"


def position_of(cursor: tuple[str | int, ...]) -> Position:
    """Raises Problem 400 where these are not a second and a nonce."""
    seconds, nonce = cursor_fields(cursor, int, str)
    if not 0 <= int(seconds) <= SECONDS_MAX or not re.fullmatch(NONCE, str(nonce)):
        raise Problem(CURSOR_INVALID)
    return int(seconds), str(nonce)
