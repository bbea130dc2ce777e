"""A hot route's dependencies in the order in which they run, worked out once.

FastAPI works it out at every request, and takes longer for it than most of them do. What is done here
is what it does for a route that reads its path and a JSON body and returns a Response; other routes, and
requests whose path or body cannot be read, stay FastAPI's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.exceptions import HTTPException, RequestValidationError
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from fastapi._compat import ModelField
    from fastapi.dependencies.models import Dependant
    from starlette.requests import Request

    Handler = Callable[[Request], Coroutine[Any, Any, Response]]

JSON = "application/json"
_NOT_PREPARED = (
    "query_params", "header_params", "cookie_params", "websocket_param_name", "http_connection_param_name",
    "response_param_name", "background_tasks_param_name", "security_scopes_param_name", "own_oauth_scopes",
    "parent_oauth_scopes", "concurrency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Step:
    """One function. `taken`: its arguments that earlier steps return, by their places."""

    call: Callable[..., Awaitable[Any]]
    request_name: str | None
    path: Sequence[ModelField]
    taken: Sequence[tuple[str, int]]


def prepared_handler(dependant: Dependant, by_fastapi: Handler, *, embeds_body: bool) -> Handler:
    """Answers as `by_fastapi` does, which it is for a route that cannot be prepared."""
    prepared = Prepared.of(dependant, embeds_body=embeds_body)
    if prepared is None:
        return by_fastapi

    async def handle(request: Request) -> Response:
        answer = await prepared.answer(request)
        return await by_fastapi(request) if answer is None else answer

    return handle


class Prepared:
    """The functions of a route, the endpoint last."""

    def __init__(self, steps: Sequence[_Step], body: ModelField | None) -> None:
        self._steps = steps
        self._body = body

    @classmethod
    def of(cls, dependant: Dependant, *, embeds_body: bool) -> Prepared | None:
        """None for a route that does more than what is done here."""
        steps: list[_Step] = []
        is_answer = getattr(dependant.call, "__annotations__", {}).get("return") is Response
        if not is_answer or embeds_body or len(dependant.body_params) > 1 or _add(steps, dependant) is None:
            return None
        return cls(steps, dependant.body_params[0] if dependant.body_params else None)

    async def answer(self, request: Request) -> Response | None:
        """None where FastAPI has to answer: nothing was done yet."""
        content = None if self._body is None else await self._content(request)
        arguments = self._arguments(request)
        if arguments is None or (content is None and self._body is not None):
            return None
        results: list[Any] = []
        for step, given in zip(self._steps[:-1], arguments, strict=False):
            results.append(await step.call(**given, **{name: results[at] for name, at in step.taken}))
        endpoint, given = self._steps[-1], arguments[-1]
        if self._body is not None:
            given[self._body.name], faults = self._body.validate(content, {}, loc=("body",))
            if faults:
                raise RequestValidationError(faults, body=content)
        return await endpoint.call(**given, **{name: results[at] for name, at in endpoint.taken})

    async def _content(self, request: Request) -> Any:
        """What the body's JSON says; None where it says nothing, or is none."""
        try:
            body = await request.body()
        except HTTPException:
            raise
        except Exception as error:
            raise HTTPException(400, "There was an error parsing the body") from error
        if request.headers.get("content-type") != JSON:
            return None
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return None

    def _arguments(self, request: Request) -> list[dict[str, Any]] | None:
        """What each step takes of the request; None where the path does not fit."""
        arguments: list[dict[str, Any]] = []
        for step in self._steps:
            given: dict[str, Any] = {}
            for field in step.path:
                sent = request.path_params[field.alias]
                given[field.name], faults = field.validate(sent, {}, loc=("path",))
                if faults:
                    return None
            if step.request_name is not None:
                given[step.request_name] = request
            arguments.append(given)
        return arguments


def _add(steps: list[_Step], dependant: Dependant) -> int | None:
    """The place of the function among the steps, after all that it depends on; each runs once."""
    call = dependant.call
    places: list[tuple[str | None, int | None]] = []
    for one in dependant.dependencies:
        known = next((at for at, step in enumerate(steps) if step.call is one.call), None)
        place = known if known is not None and one.use_cache and not one.body_params else _add(steps, one)
        places.append((one.name, place))
    plain = call.func if isinstance(call, partial) else call
    is_more = any(getattr(dependant, what) for what in _NOT_PREPARED) or not iscoroutinefunction(plain)
    if is_more or call is None or any(place is None for _, place in places):
        return None
    taken = [(name, at) for name, at in places if name is not None and at is not None]
    steps.append(_Step(call, dependant.request_param_name, dependant.path_params, taken))
    return len(steps) - 1
