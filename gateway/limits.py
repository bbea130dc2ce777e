"""Request limits of this process: by address without a good token, by member with one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.problems import Problem, ProblemType
from gateway.settings import GatewaySettings

TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    429,
    "Too many requests",
    "At most {limit_per_minute} requests a minute are taken here.",
)
IPV6_NETWORK_BITS = 64
WINDOW_SECONDS = 60
CROWD = "everybody else"
"""Whom a window counts together once it is full: so many at once are an attack, or call for replicas."""


def address_scope(address: str) -> str:
    """What a limit counts by: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
    return str(parsed)


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class _Window:
    """The counts of one minute; all are forgotten together when it is over."""

    number: int
    counts: dict[str, int]


class RequestLimits:
    """Counts requests in windows of a minute. Raises Problem 429 with Retry-After."""

    def __init__(self, settings: GatewaySettings, clock: Clock) -> None:
        self._clock = clock
        self._by_member_max = settings.requests_per_minute_per_member_max
        self._by_address_max = settings.requests_per_minute_per_address_max
        self._limit_loopback = settings.limit_direct_loopback
        self._scopes_max = settings.limited_scopes_max_count
        self._window = _Window(0, {})

    def take_for_member(self, member_id: str) -> bytes:
        """Count a signed-in request; the value of its `RateLimit` header."""
        return self._take(member_id, self._by_member_max)

    def take_for_address(self, address: str, forwarded: bool) -> bytes | None:
        """Count a request without a good token; direct clients on this machine are left out."""
        if self._is_left_out(address, forwarded):
            return None
        return self._take(address_scope(address), self._by_address_max)

    def counted_scope(self, address: str, forwarded: bool) -> str | None:
        """What limits count this client by; None for a direct client on this machine."""
        return None if self._is_left_out(address, forwarded) else address_scope(address)

    def check_address(self, address: str, forwarded: bool) -> None:
        """Refuse an address that has used up its requests, before identity is asked about its token."""
        if self._is_left_out(address, forwarded):
            return
        window = self._window_at(self._clock.now().timestamp())
        if window.counts.get(address_scope(address), 0) >= self._by_address_max:
            raise self._refusal(self._by_address_max)

    def _is_left_out(self, address: str, forwarded: bool) -> bool:
        return not forwarded and not self._limit_loopback and is_loopback(address)

    def _take(self, scope: str, most: int) -> bytes:
        now = self._clock.now().timestamp()
        counts = self._window_at(now).counts
        if scope not in counts and len(counts) >= self._scopes_max:
            scope = CROWD
        taken = counts.get(scope, 0) + 1
        if taken > most:
            raise self._refusal(most)
        counts[scope] = taken
        return b'"minute";r=%d;t=%d' % (most - taken, WINDOW_SECONDS - int(now % WINDOW_SECONDS))

    def _window_at(self, now: float) -> _Window:
        number = int(now // WINDOW_SECONDS)
        if self._window.number != number:
            self._window = _Window(number, {})
        return self._window

    def _refusal(self, most: int) -> Problem:
        left_seconds = WINDOW_SECONDS - int(self._clock.now().timestamp() % WINDOW_SECONDS)
        return Problem(TOO_MANY_REQUESTS, {"limit_per_minute": most}, {"Retry-After": str(left_seconds)})
