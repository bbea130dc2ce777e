"""Errors as RFC 9457 problem details: a stable type, a status, a title, and what would be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import Scope

from chassis.errors import DomainError

MEDIA_TYPE = "application/problem+json"
PROBLEMS_EXTENSION = "x-guildhall-problems"
"""Where a service's OpenAPI document lists the kinds of problems that it may answer."""
_COMPONENTS = "#/components/schemas/"
logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal. `detail` is a template over the parameters of the fact."""

    slug: str
    status: int
    title: str
    detail: str = ""

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


@dataclass(eq=False)
class Problem(Exception):
    """A refusal on its way to the caller."""

    type: ProblemType
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return self.detail()

    def detail(self) -> str:
        return (self.type.detail or self.type.title).format_map(self.parameters)

    def body(self) -> dict[str, object]:
        told = {name: _plain(value) for name, value in self.parameters.items()}
        return told | {
            "type": self.type.uri,
            "title": self.type.title,
            "status": self.type.status,
            "detail": self.detail(),
        }

    def response(self) -> Response:
        return Response(
            orjson.dumps(self.body(), default=str),
            status_code=self.type.status,
            headers=dict(self.headers),
            media_type=MEDIA_TYPE,
        )


def _plain(value: object) -> object:
    if isinstance(value, str | int | bool | list | dict) or value is None:
        return value  # pyright: ignore[reportUnknownVariableType]
    return str(value)


class ProblemView(BaseModel):
    """The body of every error (RFC 9457); further members are parameters of the type."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["There is no such resource."])


def problem_schemas() -> dict[str, Any]:
    """What `problem_responses` points to, by its name in a document's components."""
    schema = ProblemView.model_json_schema(ref_template=f"{_COMPONENTS}{{model}}")
    return {**schema.pop("$defs", {}), ProblemView.__name__: schema}


MALFORMED = ProblemType("malformed-body", 422, "The request does not have the documented form")
NOT_FOUND = ProblemType("not-found", 404, "Not found", "There is no such resource.")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "This resource does not take that method")
UNAUTHENTICATED = ProblemType(
    "unauthenticated", 401, "Sign in first", "A bearer token of this deployment is needed: {reason}."
)
FORBIDDEN = ProblemType("forbidden", 403, "Not allowed", "{reason}")
BODY_TOO_LARGE = ProblemType(
    "body-too-large", 413, "The request body is too large", "A body here has at most {limit_bytes} bytes."
)
UNAVAILABLE = ProblemType(
    "unavailable", 503, "Not available right now", "A part of the deployment does not answer; try again."
)
INTERNAL = ProblemType("internal-error", 500, "Something broke on our side", "The failure was recorded.")
IN_PROGRESS = ProblemType(
    "request-in-progress", 409, "The same request is still running", "Repeat it after a second."
)
KEY_REUSED = ProblemType(
    "idempotency-key-reused",
    409,
    "This Idempotency-Key belongs to another request",
    "The key was used with another body; use a fresh key for another request.",
)
KEY_MALFORMED = ProblemType(
    "idempotency-key-malformed",
    400,
    "The Idempotency-Key is not usable",
    "A key has 1 to 128 visible ASCII characters.",
)
CURSOR_INVALID = ProblemType(
    "cursor-invalid", 400, "The cursor is not one of ours", "Start again without a cursor."
)
LIMIT_INVALID = ProblemType("limit-invalid", 400, "The limit is out of range", "`limit` is 1 to {limit_max}.")
PRECONDITION_REQUIRED = ProblemType(
    "precondition-required", 428, "Say which version you edit", "Send If-Match with the ETag that you read."
)
PRECONDITION_FAILED = ProblemType(
    "precondition-failed", 412, "Somebody edited it meanwhile", "Read it again; its ETag is now {etag}."
)
REFUSED_BY_LEDGER = ProblemType(
    "refused-by-ledger", 409, "The ledger refused the payment", "The ledger answered: {code}."
)

_BY_STATUS = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 413: BODY_TOO_LARGE}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI declaration of the problems that a route may answer.

    It names the body's schema, which the document has once: a `model` is built anew for every route.
    """
    titles = {
        400: "Malformed request",
        401: "Not signed in",
        403: "Not allowed",
        404: "Not found",
        409: "In conflict with the present state",
        412: "Edited meanwhile",
        413: "Body too large",
        415: "Kind of content not taken",
        422: "Malformed body",
        428: "Version missing",
        429: "Too many requests",
        503: "Not available right now",
    }
    return {
        status: {
            "description": titles[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_COMPONENTS}{ProblemView.__name__}"}}},
        }
        for status in statuses
    }


def install_problem_handlers(app: FastAPI, table: Mapping[type[DomainError], ProblemType]) -> None:
    """Turn problems, domain facts, malformed bodies and failures into RFC 9457 answers."""

    async def on_problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response()

    async def on_fact(_: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        return problem_of(error, table).response()

    async def on_malformed(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = [
            {"at": "/".join(str(part) for part in fault["loc"]), "wrong": fault["msg"]}
            for fault in error.errors()[:20]
        ]
        return Problem(MALFORMED, {"faults": faults}).response()

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        if error.status_code == METHOD_NOT_ALLOWED.status:
            headers["Allow"] = ", ".join(sorted(_methods_at(app, request.scope)))
        kind = _BY_STATUS.get(error.status_code) or ProblemType(
            "refused", error.status_code, str(error.detail)
        )
        facts = {"limit_bytes": error.detail} if kind is BODY_TOO_LARGE else {}
        return Problem(kind, facts, headers).response()

    async def on_failure(request: Request, error: Exception) -> Response:
        logger.error("request failed", path=request.url.path, exc_info=error)
        return Problem(INTERNAL).response()

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(DomainError, on_fact)
    app.add_exception_handler(RequestValidationError, on_malformed)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_failure)


def _methods_at(app: FastAPI, scope: Scope) -> set[str]:
    """Every method that a path takes: each has a route of its own, and a route knows its own alone."""
    return {
        method
        for route in app.router.routes
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


def problem_of(error: DomainError, table: Mapping[type[DomainError], ProblemType]) -> Problem:
    """The problem of a domain fact; a fact missing from the table is a defect and says so."""
    for kind in type(error).__mro__:
        if kind in table:
            wait: int | None = getattr(error, "retry_after_seconds", None)
            return Problem(
                table[kind], error.parameters(), {} if wait is None else {"Retry-After": str(wait)}
            )
    raise LookupError(f"{type(error).__name__} has no row in the table of problems") from error
