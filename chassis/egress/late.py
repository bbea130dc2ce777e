"""The way out for who may never need it: its client is imported by what is sent first, not at start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chassis.egress.urls import UrlRefused

if TYPE_CHECKING:
    from chassis.egress.client import EgressAnswer, EgressClient


class NotAnswered(Exception):
    """The URL is refused, or nobody answered there; `reason` is a phrase for whoever named it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LateEgress:
    """An EgressClient with these limits. Close it."""

    def __init__(
        self, timeout_seconds: float, answer_max_bytes: int, connections_max: int, *, loopback_allowed: bool
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._answer_max_bytes = answer_max_bytes
        self._connections_max = connections_max
        self._loopback_allowed = loopback_allowed
        self._client: EgressClient | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> EgressAnswer:
        """Send once. Raises NotAnswered."""
        from chassis.egress.client import EgressFailed

        try:
            return await self._opened().post(url, body, headers)
        except EgressFailed as failed:
            raise NotAnswered(failed.reason) from failed
        except UrlRefused as refused:
            raise NotAnswered(refused.ground) from refused

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _opened(self) -> EgressClient:
        from chassis.egress.client import EgressClient, EgressLimits

        if self._client is None:
            limits = EgressLimits(
                self._timeout_seconds,
                self._answer_max_bytes,
                self._connections_max,
                self._loopback_allowed,
            )
            self._client = EgressClient(limits)
        return self._client
