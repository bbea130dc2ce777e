"""What a URL has to be before anything is sent to it on a member's behalf."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from chassis.address_ranges import read_address
from chassis.egress.addresses import is_reachable

HTTPS_PORT = 443
UNPRIVILEGED = range(1_024, 65_536)


class UrlRefused(ValueError):
    """`ground` is a phrase for whoever named the URL."""

    def __init__(self, ground: str) -> None:
        super().__init__(ground)
        self.ground = ground


def checked_url(text: str, *, bytes_max: int, loopback_allowed: bool = False) -> str:
    """The URL as it is sent to: https, a host, port 443 or an unprivileged one. Raises UrlRefused.

    What a name resolves to is checked when it is connected to, not here: it may change in between.
    """
    if len(text.encode()) > bytes_max:
        raise UrlRefused(f"it is longer than {bytes_max} bytes")
    if not text.isascii() or any(sign <= " " or sign in '\\"<>^`{|}' or sign == "\x7f" for sign in text):
        raise UrlRefused("it has signs that a URL cannot have: spell them with percent or punycode")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise UrlRefused("it is no URL") from None
    _check(parts, loopback_allowed)
    if port is not None and port != HTTPS_PORT and port not in UNPRIVILEGED:
        raise UrlRefused(f"its port {port} is a system's: 443, or 1024 and above")
    return text


def _check(parts: SplitResult, loopback_allowed: bool) -> None:
    host = parts.hostname or ""
    is_loopback = loopback_allowed and _names_loopback(host)
    if parts.scheme != "https" and not (is_loopback and parts.scheme == "http"):
        raise UrlRefused("it has to begin with https://")
    if not host:
        raise UrlRefused("it names no host")
    if "@" in parts.netloc:
        raise UrlRefused("it carries a user or a password")
    if parts.fragment:
        raise UrlRefused("it has a fragment, which is never sent")
    if is_loopback:
        return
    if read_address(host) is not None:
        if not is_reachable(host):
            raise UrlRefused("its address is not a public one")
    elif "." not in host.rstrip(".") or _names_loopback(host):
        raise UrlRefused("its host is a name of a private network")


def _names_loopback(host: str) -> bool:
    address = read_address(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")
