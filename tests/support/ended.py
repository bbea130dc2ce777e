"""What a double of identity answers about what has ended: nothing."""

import asyncio
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HELD_SECONDS = 0.2


def nothing_ended_after(after: str) -> dict[str, Any]:
    """The page of a log that has no entry."""
    return {"items": [], "head": int(after), "next_after": int(after), "waited_ms": 0}


async def _answer(request: Request) -> Response:
    if float(request.query_params["wait_seconds"]) > 0:
        await asyncio.sleep(HELD_SECONDS)
    body = nothing_ended_after(request.query_params["after"])
    return Response(orjson.dumps(body), media_type="application/json")


def nothing_has_ended() -> Route:
    """The route that every follower of the log reads."""
    return Route("/internal/revocations", _answer)
