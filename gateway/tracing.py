"""The gateway's span around a public request, and the traceparent by which the services go on."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from starlette.types import Message, Receive, Scope, Send

from chassis.telemetry.trace import current_trace, trace_of_headers
from chassis.telemetry.tracing import Kind, entered

if TYPE_CHECKING:
    from gateway.app import Gateway


class TracedGateway:
    """Around the gateway where tracing is on; a client's own traceparent is its parent."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def running(self) -> AbstractAsyncContextManager[None]:
        """See Gateway.running."""
        return self._gateway.running()

    def stop_streams(self) -> None:
        """See Gateway.stop_streams."""
        self._gateway.stop_streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._gateway(scope, receive, send)
            return
        headers = scope["headers"]
        sent = next((value.decode("latin-1") for name, value in headers if name == b"traceparent"), None)
        own = trace_of_headers(sent, None)
        parent = sent if sent is not None and sent[3:35] == own.traceparent[3:35] else None
        kept = [header for header in headers if header[0] != b"traceparent"]
        inner = {**scope, "headers": [*kept, (b"traceparent", own.traceparent.encode())]}
        method = scope["method"]
        attributes = {"http.request.method": method}
        with entered(own, parent, method, Kind.SERVER, "gateway", attributes) as span:

            async def noted_send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            token = current_trace.set(own)
            try:
                await self._gateway(inner, receive, noted_send)
            finally:
                current_trace.reset(token)
