"""Questions to services for an answer that is made of several: each in time, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from chassis.asgi_call import CollectedAnswer, call
from chassis.peers import PeerUnavailable
from chassis.problems import METHOD_NOT_ALLOWED, Problem

logger = structlog.get_logger(__name__)

TokenOf = Callable[[str], Awaitable[bytes | None]]
"""The member's token for a service; None where the session has ended meanwhile."""
PASSED_ON = frozenset({b"host", b"accept-language", b"guildhall-after", b"traceparent", b"tracestate"})
READING = frozenset({"GET", "HEAD"})
FAILED = 500


class Asking:
    """The questions of one request, each to one service under the member's token for it."""

    def __init__(
        self,
        services: Mapping[str, ASGIApp],
        wait_seconds: float,
        headers: Sequence[tuple[bytes, bytes]],
        token_of: TokenOf,
    ) -> None:
        """`headers`: those of the request; what each service shall know of them is passed on."""
        self.services = services
        self._wait_seconds = wait_seconds
        self._headers = [header for header in headers if header[0] in PASSED_ON]
        self._token_of = token_of

    async def ask(self, service: str, path: str) -> CollectedAnswer | None:
        """None where the service did not answer in time."""
        application = self.services.get(service)
        if application is None:
            return None
        try:
            async with asyncio.timeout(self._wait_seconds):
                token = await self._token_of(service)
                if token is None:  # the session ended while this was asked
                    return None
                headers = [*self._headers, (b"authorization", token)]
                return await call(application, "GET", path, headers, stays=True)
        except (TimeoutError, PeerUnavailable, OSError) as error:
            logger.warning("an answer lacks a part", path=path, service=service, reason=repr(error))
            return None


def refuse_writing(scope: Scope) -> None:
    """What is gathered is read alone. Raises Problem 405."""
    if scope["method"] not in READING:
        raise Problem(METHOD_NOT_ALLOWED, {"allowed": "GET"}, {"Allow": "GET, HEAD"})


def refusal(answer: CollectedAnswer | None) -> Response | None:
    """The service's own refusal, to be passed on; None where it refused nothing."""
    if answer is None or not 400 <= answer.status_code < FAILED:
        return None
    kept = {name: value for name, value in answer.headers.items() if name == "www-authenticate"}
    return Response(answer.content, answer.status_code, kept, media_type=answer.headers.get("content-type"))
