"""Whose request a proxy passes on: believed only of proxies that this deployment trusts."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.address_ranges import Network, is_within, read_address


def client_address(peer: str, forwarded_for: Sequence[bytes], trusted: Sequence[Network]) -> str:
    """The address of the client: the right-most hop of X-Forwarded-For that is no trusted proxy.

    Each proxy appends whom it speaks to; left of the first untrusted hop stands that hop's own word. Where
    the peer is no trusted proxy, or a hop is no address, the last address that was vouched for counts.
    """
    vouched = peer
    hops = b",".join(forwarded_for).decode("latin-1").split(",")
    while hops and is_within(vouched, trusted):
        hop = read_address(hops.pop().strip())
        if hop is None:
            break
        vouched = str(hop)
    return vouched
