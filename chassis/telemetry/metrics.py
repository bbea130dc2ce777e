"""Prometheus metrics of a process; every service adds to the same registry under its own label."""

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

requests_total = Counter(
    "guildhall_requests_total", "Requests answered", ["service", "method", "route", "status"]
)
request_seconds = Histogram(
    "guildhall_request_seconds",
    "Time from the first byte of a request to its answer",
    ["service", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
intents_settled_total = Counter(
    "guildhall_intents_settled_total", "Intents that got their answer", ["kind", "outcome"]
)
timers_run_total = Counter("guildhall_timers_run_total", "Timers that had their effect", ["kind"])
ready = Gauge("guildhall_ready", "1 while the service is ready", ["service"])


async def metrics() -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
