"""What charters make public, asked of identity as any outsider may, and believed for a moment only."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import orjson

if TYPE_CHECKING:
    from chassis.peers import PeerClient
    from guildhall.publisher.settings import PublisherSettings

_NOT_FOUND = 404


class CharterUnknown(Exception):
    """Identity did not say what a charter makes public: nothing of its union may be shown."""


class Charters:
    """The parameters of charters in force; none of a union that identity does not know."""

    def __init__(self, identity: PeerClient, settings: PublisherSettings) -> None:
        self._identity = identity
        self._timeout_seconds = settings.peer_timeout_seconds
        self._age_max_seconds = settings.charter_age_max_ms / 1_000
        self._known_max = settings.charters_max_count
        self._known: OrderedDict[UUID, tuple[float, Mapping[str, object]]] = OrderedDict()

    async def of(self, union_id: UUID) -> Mapping[str, object]:
        """Raises CharterUnknown."""
        known = self._known.get(union_id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        asked_at = time.monotonic()
        parameters = await self._ask(union_id)
        self._known[union_id] = (asked_at + self._age_max_seconds, parameters)
        self._known.move_to_end(union_id)
        while len(self._known) > self._known_max:
            self._known.popitem(last=False)
        return parameters

    async def _ask(self, union_id: UUID) -> Mapping[str, object]:
        path = f"/v1/unions/{union_id}/charter"
        try:
            answer = await self._identity.request("GET", path, timeout=self._timeout_seconds)
        except (TimeoutError, OSError, httpx.HTTPError) as error:
            raise CharterUnknown(f"identity does not answer: {error!r}") from error
        if answer.status_code == _NOT_FOUND:
            return {}
        if answer.status_code != 200:
            raise CharterUnknown(f"identity answers {answer.status_code}")
        return orjson.loads(answer.content)["document"]["parameters"]
