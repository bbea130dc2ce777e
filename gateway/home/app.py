"""Asks the services in parallel for what a home shows, and names those that did not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.asgi_call import CollectedAnswer
from chassis.problems import METHOD_NOT_ALLOWED, Problem
from gateway.gathering import TokenOf, ask, refusal
from gateway.home.parts import OF_A_MEMBER, OF_A_UNION, Part
from gateway.routing import IDENTITY, home_of

_READING = frozenset({"GET", "HEAD"})
_NOT_THERE = frozenset({403, 404})
"""What a service says of one who has nothing there: the field is null, and nothing is missing."""


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
        answers = await asyncio.gather(
            *(
                ask(
                    self._services,
                    part.service,
                    part.path.format(union=union, member=member_id),
                    headers,
                    token_of,
                    self._wait_seconds,
                )
                for part in parts
            )
        )
        # Identity's, of a union that is not there or a session that is over.
        refused = refusal(answers[0]) if parts[0].service == IDENTITY else None
        made = refused or JSONResponse(_put_together(parts, answers))
        await made(scope, receive, send)


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
