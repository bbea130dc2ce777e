"""Limits by address before sign-in: what one address is, and the window that it is counted in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True, slots=True)
class Window:
    """A fixed window of `seconds`, aligned to the epoch."""

    started_at: datetime
    ends_at: datetime


def window_at(now: datetime, seconds: int) -> Window:
    start = int(now.timestamp()) // seconds * seconds
    return Window(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(start + seconds, UTC))


def counted_address(address: str) -> str | None:
    """The address that is counted: IPv4 whole, IPv6 by its /64, mapped IPv4 as IPv4; None for loopback and
    for a caller without an address (in-process)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return None
    if isinstance(parsed, IPv6Address):
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
