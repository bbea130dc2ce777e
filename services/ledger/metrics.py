"""Prometheus figures of members' lanes."""

from prometheus_client import Gauge, Histogram

waiting_requests = Gauge(
    "guildhall_lane_waiting_requests", "Members' payments that wait for a union's journal"
)
gathered_requests = Histogram(
    "guildhall_lane_gathered_requests",
    "Members' payments that one transaction posted",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250),
)
