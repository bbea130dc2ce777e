"""OpenTelemetry's ids from ours: a span is named by the traceparent that is carried anyway."""

from __future__ import annotations

from contextvars import ContextVar

from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import SpanContext, TraceFlags

given: ContextVar[str] = ContextVar("guildhall_given_traceparent")
"""The traceparent of the span that is about to start."""


class GivenIds(IdGenerator):
    """Hands out what was given."""

    def generate_trace_id(self) -> int:
        return int(given.get()[3:35], 16)

    def generate_span_id(self) -> int:
        return int(given.get()[36:52], 16)


def span_context(traceparent: str) -> SpanContext:
    """The span that a traceparent names."""
    return SpanContext(
        trace_id=int(traceparent[3:35], 16),
        span_id=int(traceparent[36:52], 16),
        is_remote=True,
        trace_flags=TraceFlags(int(traceparent[53:55], 16)),
    )
