"""The consuming side of a service: inbox, runner, parked events."""

from chassis.inbox.intake import inbox_day, met_events
from chassis.inbox.parking import ParkedEvent, parked_events, retry_parked
from chassis.inbox.runner import ConsumerRunner, GroupStatus

__all__ = [
    "ConsumerRunner",
    "GroupStatus",
    "ParkedEvent",
    "inbox_day",
    "met_events",
    "parked_events",
    "retry_parked",
]
