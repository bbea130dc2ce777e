"""Links of a profile: https in plain ASCII, so that they lead where they say. Nobody here follows them."""

import re
from urllib.parse import urlsplit

from services.identity.domain.profile_errors import LinkRefused, TooManyLinks

_PRINTABLE = re.compile(r"^[\x21-\x7e]+$")
_HOST = re.compile(
    r"^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$"
)
_NEVER = frozenset("\"'<>\\^`{|}")


def check_links(wanted: list[str], most: int, max_bytes: int) -> tuple[str, ...]:
    """In their order, each once. Raises LinkRefused with its ground, TooManyLinks."""
    found = tuple(dict.fromkeys(_checked(link.strip(), max_bytes) for link in wanted))
    if len(found) > most:
        raise TooManyLinks(most)
    return found


def _checked(link: str, max_bytes: int) -> str:
    if len(link) > max_bytes:
        raise LinkRefused(link[:80], f"at most {max_bytes} bytes")
    if not _PRINTABLE.match(link) or _NEVER & set(link):
        raise LinkRefused(link, "printable ASCII alone; names of other alphabets as xn--, the rest as %XX")
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise LinkRefused(link, "no URL") from None
    if parts.scheme != "https":
        raise LinkRefused(link, "https alone")
    if "@" in parts.netloc:
        raise LinkRefused(link, "no user before the host: it hides where the link leads")
    if port is not None or not _HOST.match(host):
        raise LinkRefused(link, "a host by its name, without a port")
    return parts._replace(netloc=host).geturl()
