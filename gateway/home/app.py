"""Asks the services in parallel for what a home shows, and names those that did not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.asgi_call import CollectedAnswer, call
from chassis.peers import PeerUnavailable
from chassis.problems import METHOD_NOT_ALLOWED, Problem
from gateway.home.parts import OF_A_MEMBER, OF_A_UNION, Part
from gateway.routing import IDENTITY, home_of

logger = structlog.get_logger(__name__)

TokenOf = Callable[[str], Awaitable[bytes | None]]
_PASSED_ON = frozenset({b"host", b"accept-language", b"guildhall-after", b"traceparent", b"tracestate"})
_READING = frozenset({"GET", "HEAD"})
_NOT_THERE = frozenset({403, 404})
"""What a service says of one who has nothing there: the field is null, and nothing is missing."""
_FAILED = 500


class Home:
    """`/v1/home` and `/v1/unions/{union}/home`."""

    def __init__(self, services: Mapping[str, ASGIApp], wait_seconds: float) -> None:
        self._services = services
        self._wait_seconds = wait_seconds

    async def answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        member_id: str,
        headers: Sequence[tuple[bytes, bytes]],
        token_of: TokenOf,
    ) -> None:
        """For this member. Raises Problem 405."""
        if scope["method"] not in _READING:
            raise Problem(METHOD_NOT_ALLOWED, {"allowed": "GET"}, {"Allow": "GET, HEAD"})
        union = home_of(scope["path"])
        assert union is not None
        parts = OF_A_UNION if union else OF_A_MEMBER
        kept = [header for header in headers if header[0] in _PASSED_ON]
        answers = await asyncio.gather(
            *(
                self._ask(part, part.path.format(union=union, member=member_id), kept, token_of)
                for part in parts
            )
        )
        made = _refusal(parts[0], answers[0]) or JSONResponse(_put_together(parts, answers))
        await made(scope, receive, send)

    async def _ask(
        self, part: Part, path: str, headers: Sequence[tuple[bytes, bytes]], token_of: TokenOf
    ) -> CollectedAnswer | None:
        """None where the service did not answer in time."""
        application = self._services.get(part.service)
        if application is None:
            return None
        try:
            async with asyncio.timeout(self._wait_seconds):
                token = await token_of(part.service)
                if token is None:  # the session ended while this was asked
                    return None
                sent = [*headers, (b"authorization", token)]
                return await call(application, "GET", path, sent, stays=True)
        except (TimeoutError, PeerUnavailable, OSError) as error:
            logger.warning("a home lacks a part", part=part.name, service=part.service, reason=repr(error))
            return None


def _refusal(part: Part, answer: CollectedAnswer | None) -> Response | None:
    """Identity's, of a union that is not there or a session that is over."""
    if part.service != IDENTITY or answer is None or not 400 <= answer.status_code < _FAILED:
        return None
    kept = {name: value for name, value in answer.headers.items() if name == "www-authenticate"}
    return Response(answer.content, answer.status_code, kept, media_type=answer.headers.get("content-type"))


def _put_together(parts: Sequence[Part], answers: Sequence[CollectedAnswer | None]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    missing: set[str] = set()
    for part, answer in zip(parts, answers, strict=True):
        if answer is not None and answer.status_code == 200:
            body: Any = orjson.loads(answer.content)
            if part.shape == "one":
                fields[part.name] = body
            else:
                fields[part.name] = [*(fields.get(part.name) or []), *body["items"]]
            continue
        fields.setdefault(part.name, None)
        if answer is None or answer.status_code not in _NOT_THERE:
            missing.add(part.service)
    return fields | {"missing": sorted(missing)}
