"""One event on its way to one webhook: its states, and when it is tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from chassis.retries import Retries

GONE = 410
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = 500


class DeliveryState(StrEnum):
    """`given_up`: refused too often. `dropped`: the webhook was disabled while it waited."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending once: a status, or an `error` where nothing was answered."""

    at: datetime
    took_ms: int
    status: int | None = None
    error: str | None = None
    retry_after_seconds: int | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE

    @property
    def is_endpoints_fault(self) -> bool:
        """Whether the next event would fare no better: no answer, overload, a failure of the server."""
        return self.status is None or self.status == TOO_MANY_REQUESTS or self.status >= SERVER_ERRORS


@dataclass(frozen=True, slots=True)
class Delivery:
    """`body` is what is sent, byte by byte the same at every attempt. `number` grows; 0 until it is a row."""

    id: UUID
    webhook_id: UUID
    event_id: UUID
    event_type: str
    body: bytes
    state: DeliveryState
    attempts_count: int
    created_at: datetime
    next_attempt_at: datetime | None
    last: Attempt | None = None
    number: int = 0


def tried(delivery: Delivery, attempt: Attempt, retries: Retries, chance: float) -> Delivery:
    """The delivery after an attempt."""
    count = delivery.attempts_count + 1
    after = replace(delivery, attempts_count=count, last=attempt, next_attempt_at=None)
    if attempt.is_taken:
        return replace(after, state=DeliveryState.DELIVERED)
    if attempt.is_gone:
        return replace(after, state=DeliveryState.DROPPED)
    if count >= retries.tries_max:
        return replace(after, state=DeliveryState.GIVEN_UP)
    pause = max(retries.pause(count, chance), asked_pause(attempt, retries))
    return replace(after, next_attempt_at=attempt.at + pause)


def asked_pause(attempt: Attempt, retries: Retries) -> timedelta:
    """What the endpoint asked for by Retry-After, within reason."""
    return timedelta(seconds=min(attempt.retry_after_seconds or 0, retries.longest_seconds))
