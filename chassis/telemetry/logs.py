"""Structured logs: one JSON object a line, with the request, trace and actor of the work that wrote it."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from chassis.telemetry.trace import current_trace


def add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the request, the trace and who acts."""
    trace = current_trace.get()
    if trace is not None:
        event.setdefault("request_id", trace.request_id)
        event.setdefault("traceparent", trace.traceparent)
        event.setdefault("actor", trace.actor)
    return event


def configure_logs(level: str = "WARNING") -> None:
    """Set up the logs of the process; called once by whatever starts it."""
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            add_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # no locals: they would carry tokens and bodies
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
