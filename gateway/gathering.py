"""One question to one service, for an answer that is made of several: in time, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp

from chassis.asgi_call import CollectedAnswer, call
from chassis.peers import PeerUnavailable

logger = structlog.get_logger(__name__)

TokenOf = Callable[[str], Awaitable[bytes | None]]
"""The member's token for a service; None where the session has ended meanwhile."""
PASSED_ON = frozenset({b"host", b"accept-language", b"guildhall-after", b"traceparent", b"tracestate"})
FAILED = 500


async def ask(
    services: Mapping[str, ASGIApp],
    service: str,
    path: str,
    headers: Sequence[tuple[bytes, bytes]],
    token_of: TokenOf,
    wait_seconds: float,
) -> CollectedAnswer | None:
    """None where the service did not answer in time."""
    application = services.get(service)
    if application is None:
        return None
    try:
        async with asyncio.timeout(wait_seconds):
            token = await token_of(service)
            if token is None:  # the session ended while this was asked
                return None
            kept = [header for header in headers if header[0] in PASSED_ON]
            return await call(application, "GET", path, [*kept, (b"authorization", token)], stays=True)
    except (TimeoutError, PeerUnavailable, OSError) as error:
        logger.warning("an answer lacks a part", path=path, service=service, reason=repr(error))
        return None


def refusal(answer: CollectedAnswer | None) -> Response | None:
    """The service's own refusal, to be passed on; None where it refused nothing."""
    if answer is None or not 400 <= answer.status_code < FAILED:
        return None
    kept = {name: value for name, value in answer.headers.items() if name == "www-authenticate"}
    return Response(answer.content, answer.status_code, kept, media_type=answer.headers.get("content-type"))
