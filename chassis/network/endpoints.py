"""The addresses of one service, which of them serve, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from prometheus_client import Gauge

endpoints_known = Gauge("guildhall_endpoints", "Known addresses of a service", ["service", "standing"])


class Standing(IntEnum):
    """What an address was last seen to be; those of the best standing there is are asked."""

    READY = 0
    UNREADY = 1
    """It answers, and says that a part that it needs is away. Where all say so, they are asked still."""
    DOWN = 2


class Endpoint:
    """One process that serves: `http://address:port`."""

    __slots__ = ("origin", "standing")

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.standing = Standing.READY

    def __repr__(self) -> str:
        return f"{self.origin} ({self.standing.name.lower()})"


class Endpoints:
    """All of one service, in turn. One that was taken out is asked only where no better one is left."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.all: tuple[Endpoint, ...] = ()
        self._serving: list[Endpoint] = []
        self._turn = 0

    def set_origins(self, origins: Iterable[str]) -> None:
        """These are all; those known before keep their standing."""
        known = {endpoint.origin: endpoint for endpoint in self.all}
        self.all = tuple(known.get(origin) or Endpoint(origin) for origin in dict.fromkeys(origins))
        self._sort()

    def mark(self, endpoint: Endpoint, standing: Standing) -> None:
        if endpoint.standing != standing:
            endpoint.standing = standing
            self._sort()

    def choose(self, tried: Collection[Endpoint] = ()) -> Endpoint | None:
        """The next one whose turn it is and that was not tried; None where there is none left."""
        serving = self._serving
        if tried:
            left = [endpoint for endpoint in self.all if endpoint not in tried]
            best = min((endpoint.standing for endpoint in left), default=Standing.DOWN)
            serving = [endpoint for endpoint in left if endpoint.standing == best]
        if not serving:
            return None
        self._turn += 1
        return serving[self._turn % len(serving)]

    def _sort(self) -> None:
        best = min((endpoint.standing for endpoint in self.all), default=Standing.DOWN)
        self._serving = [endpoint for endpoint in self.all if endpoint.standing == best]
        for standing in Standing:
            count = sum(endpoint.standing == standing for endpoint in self.all)
            endpoints_known.labels(self.service, standing.name.lower()).set(count)
