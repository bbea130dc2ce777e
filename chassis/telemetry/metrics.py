"""Prometheus metrics of a process; every service adds to the same registry under its own label."""

from collections.abc import Sequence

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

from chassis.address_ranges import Network, is_within
from chassis.problems import NOT_FOUND, Problem

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


FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


async def metrics(request: Request, networks: Sequence[Network]) -> Response:
    """Prometheus' text format, for whoever comes from one of these networks and through no proxy."""
    is_direct = not any(name in request.headers for name in FORWARDED)
    if request.client is None or not is_direct or not is_within(request.client.host, networks):
        return Problem(NOT_FOUND).response()
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
