"""The homes in the OpenAPI document: the gateway's own operations, of the services' own views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.auth.dependencies import MEMBER_SCHEME
from gateway.home.parts import OF_A_MEMBER, OF_A_UNION, Part
from gateway.routing import HOME

_MISSING = {
    "type": "array",
    "items": {"type": "string", "examples": ["graph"]},
    "description": "Services that did not answer in time: their fields are null, or not whole.",
}


ViewOf = Callable[[Part], Mapping[str, Any]]
"""The schema of a part: a reference, or any object where its service has given no document."""


def home_schemas(view_of: ViewOf) -> dict[str, Any]:
    """The two answers, made of the services' own views."""
    return {
        "HomeView": _schema("HomeView", "Who I am, and the unions that I am in.", OF_A_MEMBER, view_of),
        "UnionHomeView": _schema(
            "UnionHomeView",
            "What I need to know of a union: my membership, standing, voice, balances, the work that waits "
            "for me (to deliver, to accept) and my open projects. What I have nothing of is null.",
            OF_A_UNION,
            view_of,
        ),
    }


def _schema(title: str, description: str, parts: Sequence[Part], view_of: ViewOf) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for part in parts:
        view = view_of(part)
        filled = view if part.shape == "one" else {"type": "array", "items": view}
        properties[part.name] = {"anyOf": [filled, {"type": "null"}]}
    properties["missing"] = _MISSING
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def home_paths() -> dict[str, Any]:
    """The paths and their operations, without what every operation has."""
    union = {
        "name": "union",
        "in": "path",
        "required": True,
        "description": "The union's slug or id.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"},
    }
    return {
        HOME: {"get": _operation("gateway_get_home", "My home", "HomeView", [], ())},
        "/v1/unions/{union}/home": {
            "get": _operation(
                "gateway_get_union_home", "My home in a union", "UnionHomeView", [union], (404, 422)
            )
        },
    }


def _operation(
    name: str, summary: str, view: str, parameters: list[dict[str, Any]], refusals: Sequence[int]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": ["home"],
        "summary": summary,
        "description": "Asked of the services in parallel; `missing` names those that did not answer.",
        "security": [{MEMBER_SCHEME: []}],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "What there is.",
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{view}"}}},
            },
            **{str(status): {} for status in refusals},
        },
    }
