"""Security schemes: what the OpenAPI document says of a route, and nothing at a request."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection


class BearerScheme(HTTPBearer):
    """Declares the bearer token in the OpenAPI document; `chassis.auth.dependencies` reads it."""

    async def __call__(self, request: HTTPConnection) -> HTTPAuthorizationCredentials | None:
        return None


class SignatureScheme(APIKeyHeader):
    """Declares the signature of an act in the OpenAPI document."""

    async def __call__(self, request: HTTPConnection) -> str | None:
        return None


def without_declarations(dependant: Dependant) -> Dependant:
    """A route's dependencies as they are run: schemes below them are left out, and None is in their place.

    FastAPI's solver takes longer for each of them than the function that asks for it.
    """
    return replace(dependant, dependencies=[_run(one) for one in dependant.dependencies])


def _run(dependant: Dependant) -> Dependant:
    declared = [one for one in dependant.dependencies if isinstance(one.call, BearerScheme | SignatureScheme)]
    names = tuple(one.name for one in declared if one.name is not None)
    assert dependant.call is not None
    return replace(
        dependant,
        call=_called_without(dependant.call, names) if names else dependant.call,
        dependencies=[_run(one) for one in dependant.dependencies if one not in declared],
    )


@cache
def _called_without(call: Callable[..., Any], names: tuple[str, ...]) -> Callable[..., Any]:
    """One for each function: FastAPI remembers by it what a request has solved."""
    return partial(call, **dict.fromkeys(names))
