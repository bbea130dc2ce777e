"""Prometheus metrics of relays and consumers."""

from prometheus_client import Counter, Gauge

group_lag_events = Gauge(
    "guildhall_group_lag_events", "Events on the bus that a group's replica has not passed", ["group"]
)
parked_events = Gauge("guildhall_parked_events", "Events that a group could not consume", ["group"])
consumed_total = Counter("guildhall_events_consumed_total", "Events that had their effect", ["group", "type"])
relayed_total = Counter("guildhall_events_relayed_total", "Events taken to the bus", ["service"])
