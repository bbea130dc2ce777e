"""Spans of OpenTelemetry around requests, calls between services, intents and consumed events.

Off until `tracing` is entered with an endpoint, and nothing of OpenTelemetry is imported before. A span has
the ids of the chain of causes that is carried anyway (`trace.py`): outbox rows, logs and spans agree.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from chassis.telemetry.trace import Trace, child_of, current_trace, new_trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

SCOPE = "guildhall"
_current_service: ContextVar[str] = ContextVar("guildhall_service", default="guildhall")


class Kind(StrEnum):
    """Which side of a hop a span is."""

    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class Span(Protocol):
    """What the work inside may add to its span."""

    def update_name(self, name: str) -> None: ...

    def set_attribute(self, key: str, value: str | int) -> None: ...


class _NoSpan:
    def update_name(self, name: str) -> None:
        """There is no span to name."""

    def set_attribute(self, key: str, value: str | int) -> None:
        """There is no span to say it of."""


NO_SPAN: Span = _NoSpan()


class Tracer:
    """Makes spans with ids that are given; a provider for each service, so that each shows under its name."""

    def __init__(self, exporter: SpanExporter, version: str) -> None:
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._processor = BatchSpanProcessor(exporter)
        self._version = version
        self._providers: dict[str, TracerProvider] = {}

    def start(
        self,
        service: str,
        name: str,
        kind: Kind,
        own: str,
        parent: str | None,
        attributes: Mapping[str, str | int],
        links: Sequence[str],
    ) -> Any:
        """`own`, `parent` and `links` are traceparents."""
        from opentelemetry import trace as api

        from chassis.telemetry.given_ids import given, span_context

        context = None
        if parent is not None:
            context = api.set_span_in_context(api.NonRecordingSpan(span_context(parent)))
        token = given.set(own)
        try:
            return (
                self._provider(service)
                .get_tracer(SCOPE, self._version)
                .start_span(
                    name,
                    context=context,
                    kind=api.SpanKind[kind.value],
                    attributes=dict(attributes),
                    links=[api.Link(span_context(link)) for link in links],
                )
            )
        finally:
            given.reset(token)

    def _provider(self, service: str) -> TracerProvider:
        provider = self._providers.get(service)
        if provider is None:
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider

            from chassis.telemetry.given_ids import GivenIds

            said = {"service.name": service, "service.namespace": SCOPE, "service.version": self._version}
            provider = TracerProvider(
                resource=Resource.create(said), id_generator=GivenIds(), shutdown_on_exit=False
            )
            provider.add_span_processor(self._processor)
            self._providers[service] = provider
        return provider

    def shutdown(self) -> None:
        """Send what waits, within the exporter's own timeout."""
        self._processor.shutdown()


_tracers: list[Tracer] = []
"""The one that is on, or none."""


@contextmanager
def tracing(endpoint: str | None, version: str) -> Generator[None]:
    """Spans go to this OTLP endpoint over HTTP while entered; None leaves them off.

    What else OpenTelemetry names of an exporter or a sampler (OTEL_*), its library reads of the environment.
    """
    if endpoint is None:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    tracer = Tracer(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"), version)
    _tracers.append(tracer)
    try:
        yield
    finally:
        _tracers.remove(tracer)
        tracer.shutdown()


def is_on() -> bool:
    """Whether spans are made."""
    return bool(_tracers)


@contextmanager
def traced(
    name: str,
    kind: Kind = Kind.INTERNAL,
    *,
    service: str | None = None,
    attributes: Mapping[str, str | int] | None = None,
    links: Sequence[str] = (),
) -> Generator[Span]:
    """A span under the present trace, and over what is done inside. Unset, `service` is the caller's."""
    if not _tracers:
        yield NO_SPAN
        return
    above = current_trace.get()
    own = child_of(above) if above is not None else new_trace()
    with entered(
        own, None if above is None else above.traceparent, name, kind, service, attributes, links
    ) as span:
        token = current_trace.set(own)
        try:
            yield span
        finally:
            current_trace.reset(token)


@contextmanager
def entered(
    own: Trace,
    parent: str | None,
    name: str,
    kind: Kind,
    service: str | None = None,
    attributes: Mapping[str, str | int] | None = None,
    links: Sequence[str] = (),
) -> Generator[Span]:
    """A span with the id of `own`, for whoever sets the present trace by itself."""
    if not _tracers:
        yield NO_SPAN
        return
    named = service or _current_service.get()
    token = _current_service.set(named)
    span = _tracers[-1].start(named, name, kind, own.traceparent, parent, attributes or {}, links)
    try:
        yield span
    except BaseException as error:
        span.set_attribute("error.type", type(error).__name__)  # no message: it may carry what is somebody's
        _fail(span)
        raise
    finally:
        span.end()
        _current_service.reset(token)


def _fail(span: Any) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR))
