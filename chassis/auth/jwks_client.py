"""Identity's public keys, fetched when one is not known: at most once in ten seconds, whatever is asked.

Between fetches an unknown key id is unknown, without a call: that is the negative cache. Addresses that a
token itself names (`jku`, `x5u`) are never followed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from chassis.auth.keys import KeyFileWrong, VerifyingKey, read_jwk_set
from chassis.clock import Clock

logger = structlog.get_logger(__name__)

FetchJwkSet = Callable[[], Awaitable[Mapping[str, Any]]]


class KeysUnavailable(Exception):
    """The keys cannot be fetched and this one is not known: nothing can be said about the token."""


class KeySource(Protocol):
    """Finds a verifying key by its id; None when there is no such key. Raises KeysUnavailable."""

    async def key(self, key_id: str) -> VerifyingKey | None: ...


class JwksClient:
    """A JWK set behind a call that may fail; `fetch` raises OSError or ValueError when it does."""

    def __init__(
        self,
        fetch: FetchJwkSet,
        clock: Clock,
        *,
        pause_seconds: int = 10,
        age_seconds_max: int = 300,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._pause = timedelta(seconds=pause_seconds)
        self._age_max = timedelta(seconds=age_seconds_max)
        self._keys: dict[str, VerifyingKey] = {}
        self._tried_at: datetime | None = None
        self._fetched_at: datetime | None = None
        self._failed = False
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str) -> VerifyingKey | None:
        """The key of this id; a set older than the limit is fetched again, so that a withdrawn key goes."""
        if not self._is_fresh() or key_id not in self._keys:
            await self._fetch_unless_just_tried()
        found = self._keys.get(key_id)
        if found is None and self._failed:
            raise KeysUnavailable
        return found

    def _is_fresh(self) -> bool:
        return self._fetched_at is not None and self._clock.now() - self._fetched_at < self._age_max

    async def _fetch_unless_just_tried(self) -> None:
        async with self._fetching:
            now = self._clock.now()
            if self._tried_at is not None and now - self._tried_at < self._pause:
                return
            self._tried_at = now
            try:
                self._keys = read_jwk_set(await self._fetch())
            except (OSError, ValueError, KeyFileWrong) as error:
                self._failed = True
                logger.warning("identity's keys could not be fetched", reason=repr(error))
            else:
                self._failed = False
                self._fetched_at = now
