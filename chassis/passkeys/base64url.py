"""Base64url without padding, in the one spelling that browsers write (RFC 4648, section 5)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from chassis.passkeys.errors import PasskeyMalformed


def write_base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def read_base64url(what: str, written: str) -> bytes:
    """The bytes; only the canonical spelling is taken. Raises PasskeyMalformed, which names `what`."""
    try:
        content = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (NotBase64, ValueError):
        content = None
    if content is None or write_base64url(content) != written:
        raise PasskeyMalformed(f"{what} is not base64url without padding")
    return content
