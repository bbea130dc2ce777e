"""Gives events to their handlers, with the chain of causes that each belongs to."""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import groupby
from typing import TYPE_CHECKING

from chassis.bus.metrics import consumed_total
from chassis.telemetry.trace import Trace, current_trace, new_trace
from chassis.telemetry.tracing import Kind, traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.bus.envelope import Envelope
    from chassis.consumers import Consumers
    from chassis.unit_of_work import UnitOfWork


def trace_of(envelope: Envelope) -> Trace:
    """The chain that an event continues; what its handler publishes names it as its cause."""
    begun = new_trace(f"event:{envelope.id}")
    return Trace(
        traceparent=envelope.traceparent or begun.traceparent,
        correlation_id=envelope.correlation_id or begun.correlation_id,
        causation_id=str(envelope.id),
        request_id=begun.request_id,
        actor=begun.actor,
    )


async def deliver(consumers: Consumers, unit: UnitOfWork, envelopes: Sequence[Envelope]) -> None:
    """Run the handlers in the order of the events. Raises what a handler raises, or ValidationError."""
    for event_type, neighbours in groupby(envelopes, key=lambda envelope: envelope.type):
        subscriber = consumers.subscribers.get(event_type)
        if subscriber is None:
            continue
        run = list(neighbours)
        chunks = [run] if subscriber.takes_many else [[envelope] for envelope in run]
        for chunk in chunks:
            token = current_trace.set(trace_of(chunk[0]))
            try:
                with _consuming(consumers.group, chunk):
                    events = [subscriber.event_type.model_validate_json(envelope.data) for envelope in chunk]
                    await subscriber.handle(unit, events)
            finally:
                current_trace.reset(token)


def _consuming(group: str, chunk: Sequence[Envelope]) -> AbstractContextManager[object]:
    """A span under what published the first event, linked to what published the others."""
    return traced(
        f"consume {chunk[0].type}",
        Kind.CONSUMER,
        service=group,
        attributes={
            "messaging.system": "guildhall",
            "messaging.consumer.group.name": group,
            "messaging.batch.message_count": len(chunk),
            "messaging.message.id": str(chunk[0].id),
        },
        links=[envelope.traceparent for envelope in chunk if envelope.traceparent is not None],
    )


def count(group: str, envelopes: Sequence[Envelope]) -> None:
    """Count events whose effect is committed."""
    for event_type, neighbours in groupby(sorted(envelope.type for envelope in envelopes)):
        consumed_total.labels(group, event_type).inc(len(list(neighbours)))
