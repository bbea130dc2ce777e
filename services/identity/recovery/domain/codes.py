"""One-time codes: 128 random bits each, told once, of which a keyed hash is kept."""

import base64
import hmac
from collections.abc import Callable

CODE_BYTES = 16
CODES_COUNT = 10
_GROUP = 5
_CHARACTERS = 26


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """26 characters of base32 (RFC 4648, section 6), written in groups of five."""
    text = base64.b32encode(random_bytes(CODE_BYTES)).decode("ascii").rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, _CHARACTERS, _GROUP))


def code_hash(code: str, key: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of the code without what a reader adds: blanks, hyphens, small letters."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hmac.digest(key, b"guildhall recovery code:" + plain.encode("utf-8"), "sha256")
