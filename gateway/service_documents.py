"""The OpenAPI document of each service, fetched from it, kept, fetched anew; who is away is left out.

What follows from all of them - the merged document, the catalogue of problems - is made when one has changed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import structlog

from chassis.peers import PeerTransports
from chassis.problems import ProblemType
from gateway.documents import merged_openapi
from gateway.problem_catalogue import catalogue_of

logger = structlog.get_logger(__name__)

FETCH_SECONDS_MAX = 3
ASKED_AGAIN_SECONDS = 5
"""Pause before a service that did not give its document is asked again."""


@dataclass(slots=True)
class _Fetched:
    """`content` is the document as it came; None while the service has given none."""

    content: bytes | None = None
    document: Mapping[str, Any] | None = None
    due: float = 0.0


class ServiceDocuments:
    """A document is fetched again after `kept_seconds`; its last form serves while its service is away."""

    def __init__(
        self,
        services: Iterable[str],
        transports: PeerTransports,
        public_url: str,
        version: str,
        kept_seconds: float,
    ) -> None:
        self._transports = transports
        self._public_url = public_url
        self._version = version
        self._kept_seconds = kept_seconds
        self._fetched = {service: _Fetched() for service in services}
        self._merged: dict[str, Any] | None = None
        self._problems: dict[str, ProblemType] = {}
        self._looking = asyncio.Lock()

    async def merged(self) -> dict[str, Any]:
        """One document of all services that have given theirs."""
        await self._look()
        assert self._merged is not None
        return self._merged

    async def problems(self) -> Mapping[str, ProblemType]:
        """Every kind of problem, by slug."""
        await self._look()
        return self._problems

    async def _look(self) -> None:
        async with self._looking:
            now = time.monotonic()
            due = [service for service, fetched in self._fetched.items() if fetched.due <= now]
            changed = await asyncio.gather(*(self._fetch(service, now) for service in due))
            if self._merged is None or any(changed):
                documents = {
                    service: fetched.document
                    for service, fetched in self._fetched.items()
                    if fetched.document is not None
                }
                self._merged = merged_openapi(documents, self._public_url, self._version)
                self._problems = catalogue_of(documents)

    async def _fetch(self, service: str, now: float) -> bool:
        """Whether the document is another one than before."""
        fetched = self._fetched[service]
        fetched.due = now + ASKED_AGAIN_SECONDS
        try:
            answer = await self._transports.client(service).request(
                "GET", "/openapi.json", timeout=FETCH_SECONDS_MAX
            )
            if answer.status_code != 200:
                raise ValueError(f"status {answer.status_code}")
            if answer.content == fetched.content:
                fetched.due = now + self._kept_seconds
                return False
            fetched.document = orjson.loads(answer.content)
        except (TimeoutError, OSError, ValueError, httpx.HTTPError) as error:
            logger.warning("a service gave no OpenAPI document", service=service, reason=repr(error))
            return False
        fetched.content = answer.content
        fetched.due = now + self._kept_seconds
        return True
