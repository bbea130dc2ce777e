"""The outermost layer of a service: trace, size limit, metrics, one log line for what failed. Pure ASGI."""

import time

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.problems import BODY_TOO_LARGE, Problem
from chassis.telemetry import tracing
from chassis.telemetry.metrics import request_seconds, requests_total
from chassis.telemetry.trace import Trace, current_trace, trace_of_headers

FILE_MEDIA_TYPE = b"application/octet-stream"
"""How the content of a file is sent; the body of anything else is read by a model and is small."""
logger = structlog.get_logger(__name__)


class RequestContext:
    """Carries the caller's trace into the work, and refuses bodies over the limit before they are read."""

    def __init__(
        self, app: ASGIApp, service: str, body_max_bytes: int, file_max_bytes: int | None = None
    ) -> None:
        self._app = app
        self._service = service
        self._body_max_bytes = body_max_bytes
        self._file_max_bytes = body_max_bytes if file_max_bytes is None else file_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        sent = _text(headers.get(b"traceparent"))
        trace = trace_of_headers(sent, _text(headers.get(b"x-request-id")))
        if tracing.is_on():
            parent = sent if sent is not None and sent[3:35] == trace.traceparent[3:35] else None
            await self._traced(trace, parent, scope, receive, send)
        else:
            await self._serve(trace, scope, receive, send)

    async def _traced(
        self, trace: Trace, parent: str | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        method = scope["method"]
        kind, attributes = tracing.Kind.SERVER, {"http.request.method": method}
        with tracing.entered(trace, parent, method, kind, self._service, attributes) as span:
            status = await self._serve(trace, scope, receive, send)
            route = getattr(scope.get("route"), "path", "none")
            span.update_name(f"{method} {route}")
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)

    async def _serve(self, trace: Trace, scope: Scope, receive: Receive, send: Send) -> int:
        """The status of the answer."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        token = current_trace.set(trace)
        started = time.perf_counter()
        status = 500

        async def counted_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                request_id = (trace.request_id or "").encode()
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        try:
            is_file = headers.get(b"content-type") == FILE_MEDIA_TYPE
            limit_bytes = self._file_max_bytes if is_file else self._body_max_bytes
            if _declared_bytes(headers) > limit_bytes:
                await Problem(BODY_TOO_LARGE, {"limit_bytes": limit_bytes}).response()(
                    scope, receive, counted_send
                )
            else:
                await self._app(scope, _limited(receive, limit_bytes), counted_send)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            requests_total.labels(self._service, scope["method"], route, status).inc()
            request_seconds.labels(self._service, scope["method"]).observe(time.perf_counter() - started)
            current_trace.reset(token)
        return status


def _limited(receive: Receive, limit_bytes: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit_bytes:
                raise HTTPException(413, str(limit_bytes))
        return message

    return counted


def _declared_bytes(headers: dict[bytes, bytes]) -> int:
    declared = headers.get(b"content-length", b"0")
    return int(declared) if declared.isdigit() else 0


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
