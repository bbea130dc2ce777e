"""What caused the work at hand: carried through requests, calls between services, and events.

`traceparent` is that of W3C Trace Context. The correlation id is the id of the first request of a chain;
the causation id is the event that is being consumed.
"""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, replace

_TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
_REQUEST_ID = re.compile(r"^[A-Za-z0-9_.:-]{1,64}$")


@dataclass(frozen=True, slots=True)
class Trace:
    """The chain of causes that the present work belongs to."""

    traceparent: str
    correlation_id: str
    causation_id: str | None = None
    request_id: str | None = None
    actor: str = "nobody"

    def acting(self, actor: str) -> "Trace":
        return Trace(self.traceparent, self.correlation_id, self.causation_id, self.request_id, actor)


def new_trace(actor: str = "nobody") -> Trace:
    """The beginning of a chain."""
    made = secrets.token_hex(24)
    trace_id = made[:32]
    return Trace(f"00-{trace_id}-{made[32:]}-01", trace_id, None, trace_id, actor)


def child_of(trace: Trace) -> Trace:
    """A step of the same chain, with an id of its own."""
    above = trace.traceparent
    return replace(trace, traceparent=f"{above[:36]}{secrets.token_hex(8)}{above[52:]}")


def trace_of_headers(traceparent: str | None, request_id: str | None) -> Trace:
    """The chain that a request continues, or a new one where its headers say nothing usable."""
    if traceparent is None or not _TRACEPARENT.match(traceparent):
        begun = new_trace()
        known = request_id if request_id and _REQUEST_ID.match(request_id) else begun.request_id
        return replace(begun, request_id=known)
    trace_id = traceparent[3:35]
    child = f"00-{trace_id}-{secrets.token_hex(8)}-{traceparent[-2:]}"
    known = request_id if request_id and _REQUEST_ID.match(request_id) else trace_id
    return Trace(child, trace_id, None, known)


current_trace: ContextVar[Trace | None] = ContextVar("guildhall_trace", default=None)


def trace_now() -> Trace:
    """The trace of the present task; work outside of any begins one."""
    trace = current_trace.get()
    if trace is None:
        trace = new_trace()
        current_trace.set(trace)
    return trace
