"""Asks the services in parallel for what a home shows, and names those that did not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from chassis.asgi_call import CollectedAnswer
from gateway.gathering import Asking, refusal, refuse_writing
from gateway.home.parts import OF_A_MEMBER, OF_A_UNION, Part
from gateway.routing import IDENTITY, home_of

_NOT_THERE = frozenset({403, 404})
"""What a service says of one who has nothing there: the field is null, and nothing is missing."""


async def answer_home(asking: Asking, scope: Scope, member_id: str) -> Response:
    """`/v1/home` and `/v1/unions/{union}/home`, for this member. Raises Problem 405."""
    refuse_writing(scope)
    union = home_of(scope["path"])
    assert union is not None
    parts = OF_A_UNION if union else OF_A_MEMBER
    answers = await asyncio.gather(
        *(asking.ask(part.service, part.path.format(union=union, member=member_id)) for part in parts)
    )
    # Identity's, of a union that is not there or a session that is over.
    refused = refusal(answers[0]) if parts[0].service == IDENTITY else None
    return refused or JSONResponse(_put_together(parts, answers))


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
