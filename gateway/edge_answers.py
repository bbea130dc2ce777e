"""What every operation has besides its service's own words: shared headers, and each refusal it may meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.problems import MEDIA_TYPE
from chassis.reading import AFTER_HEADER, EVENT_HEADER, STALE_HEADER

PROBLEMS = {
    400: ("Malformed", "A header, cursor, limit or signature cannot be read."),
    401: ("Unauthenticated", "The token or the signature is missing or not good."),
    403: ("Forbidden", "The caller may not do this."),
    404: ("NotFound", "There is no such resource."),
    409: ("Conflict", "It contradicts the present state, or another request."),
    410: ("Gone", "The events after this position are gone."),
    412: ("EditedMeanwhile", "Somebody edited it meanwhile."),
    413: ("BodyTooLarge", "The request body is too large."),
    415: ("KindNotTaken", "Content of this kind is not taken here."),
    421: ("WrongHost", "This deployment has another name."),
    422: ("MalformedBody", "The request does not have the documented form."),
    428: ("VersionMissing", "If-Match is missing."),
    429: ("TooManyRequests", "Too many requests of this address or member."),
    503: ("Unavailable", "A part of the deployment does not answer; try again."),
}
"""The name and the meaning of each refusal, by status."""

_ANYWHERE = (401, 413, 421, 429, 503)
_WITH_CHALLENGE = 401
_WITH_WAIT = frozenset({429, 503})


def complete_operation(method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    """The operation with the headers it takes and gives, and every answer that a client may meet."""
    is_for_members = any("member" in requirement for requirement in operation["security"])
    parameters = [*operation.get("parameters", []), _parameter("GuildhallAfter")]
    if method == "post" and is_for_members:
        parameters.append(_parameter("IdempotencyKey"))
    return {
        **operation,
        "parameters": parameters,
        "responses": _responses(method, operation, is_for_members, parameters),
    }


def _responses(
    method: str, operation: Mapping[str, Any], is_for_members: bool, parameters: list[Any]
) -> dict[str, Any]:
    declared = {int(status) for status in operation["responses"]}
    refusals = {status for status in declared if status >= 400} | set(_ANYWHERE)
    if method == "post" and is_for_members:
        refusals |= {400, 409}
    if any("act" in requirement for requirement in operation["security"]):
        refusals |= {400, 409}
    if "requestBody" in operation:
        refusals |= {400, 422}
    if any(parameter.get("in") == "path" for parameter in parameters):
        refusals |= {404, 422}
    good = {
        str(status): {**operation["responses"][str(status)], "headers": _answer_headers(method)}
        for status in sorted(declared)
        if status < 400
    }
    return good | {
        str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"} for status in sorted(refusals)
    }


def _answer_headers(method: str) -> dict[str, Any]:
    names = ["GuildhallStale"] if method == "get" else ["GuildhallStale", "GuildhallEvent"]
    headers = {"GuildhallStale": STALE_HEADER, "GuildhallEvent": EVENT_HEADER}
    return {headers[name]: {"$ref": f"#/components/headers/{name}"} for name in names} | {
        "RateLimit": {"$ref": "#/components/headers/RateLimit"}
    }


def _parameter(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def shared_components() -> dict[str, Any]:
    """Parameters, headers and refusals that operations refer to."""
    return {
        "parameters": {
            "GuildhallAfter": {
                "name": AFTER_HEADER,
                "in": "header",
                "required": False,
                "description": f"The `{EVENT_HEADER}` of earlier answers: this answer has their effects.",
                "schema": {"type": "string"},
            },
            "IdempotencyKey": {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key and body get the same answer, for 48 hours. An act signs it.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
            },
        },
        "headers": {
            "GuildhallEvent": _header(f"The events of this write, to send back as `{AFTER_HEADER}`."),
            "GuildhallStale": _header(f"`true` when an event of `{AFTER_HEADER}` had not arrived in time."),
            "RateLimit": _header("Requests left in this minute, and its seconds left."),
        },
        "responses": {name: _problem(status, meaning) for status, (name, meaning) in PROBLEMS.items()},
    }


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "required": False, "schema": {"type": "string"}}


def _problem(status: int, meaning: str) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "description": meaning,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemView"}}},
    }
    if status == _WITH_CHALLENGE:
        problem["headers"] = {"WWW-Authenticate": _header("The challenge of RFC 6750.")}
    if status in _WITH_WAIT:
        problem["headers"] = {"Retry-After": _header("Seconds to wait.")}
    return problem
