"""Whose request a proxy passes on: believed only of proxies that this deployment trusts."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_networks(text: str) -> tuple[Network, ...]:
    """Comma-separated addresses or networks in CIDR form. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def client_address(peer: str, forwarded_for: Sequence[bytes], trusted: Sequence[Network]) -> str:
    """The address of the client: the right-most hop of X-Forwarded-For that is no trusted proxy.

    Each proxy appends whom it speaks to; left of the first untrusted hop stands that hop's own word. Where
    the peer is no trusted proxy, or a hop is no address, the last address that was vouched for counts.
    """
    vouched = peer
    hops = b",".join(forwarded_for).decode("latin-1").split(",")
    while hops and _is_trusted(vouched, trusted):
        hop = _parsed(hops.pop().strip())
        if hop is None:
            break
        vouched = str(hop)
    return vouched


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
