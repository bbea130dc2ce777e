"""Which addresses of the network a request on a member's behalf may reach: public ones, of one host each."""

from __future__ import annotations

import ipaddress

from chassis.address_ranges import Address, read_address

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")


def is_reachable(text: str, *, loopback_allowed: bool = False) -> bool:
    """Whether the address is public: of IANA's special-purpose registries (RFC 6890) none is reached.

    An IPv6 address that carries an IPv4 one (mapped, compatible, 6to4, Teredo, NAT64) is as good as both.
    """
    address = read_address(text.partition("%")[0])
    if address is None:
        return False
    if loopback_allowed and address.is_loopback:
        return True
    return all(_is_public(one) for one in (address, *_carried(address)))


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried: list[Address] = []
    if address.sixtofour is not None:
        carried.append(address.sixtofour)
    if address.teredo is not None:
        carried += address.teredo
    if address in _IPV4_COMPATIBLE or any(address in network for network in _NAT64):
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return carried
