"""A webhook as it stands, and what becomes of it when its endpoint answers or does not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class WebhookState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why nothing is sent: the founder's wish, an endpoint that is gone (410) or has failed too long."""

    FOUNDER = "founder"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Webhook:
    """`types` empty: every type. Events from before `active_since` are never sent.

    `secret` and `previous_secret` are bytes of the HMAC; the previous one signs, too, until `previous_until`.
    """

    id: UUID
    union_id: UUID
    url: str
    types: tuple[str, ...]
    note: str
    secret: bytes
    previous_secret: bytes | None
    previous_until: datetime | None
    state: WebhookState
    reason: DisabledReason | None
    active_since: datetime
    failures_count: int
    failing_since: datetime | None
    paused_until: datetime | None
    created_by: UUID
    created_at: datetime
    changed_at: datetime

    def wants(self, event_type: str, told_at: datetime) -> bool:
        return told_at >= self.active_since and (not self.types or event_type in self.types)

    def secrets_at(self, now: datetime) -> tuple[bytes, ...]:
        """Those that sign, the newest first."""
        if self.previous_secret is None or self.previous_until is None or self.previous_until <= now:
            return (self.secret,)
        return (self.secret, self.previous_secret)


def rotated(webhook: Webhook, secret: bytes, overlap: timedelta, now: datetime) -> Webhook:
    """Under a new secret; the present one goes on to sign for a while."""
    return replace(
        webhook,
        secret=secret,
        previous_secret=webhook.secret,
        previous_until=now + overlap,
        changed_at=now,
    )


def disabled(webhook: Webhook, reason: DisabledReason, now: datetime) -> Webhook:
    return replace(webhook, state=WebhookState.DISABLED, reason=reason, changed_at=now)


def enabled(webhook: Webhook, now: datetime) -> Webhook:
    """Anew: what was told while it was disabled is not sent."""
    return replace(
        webhook,
        state=WebhookState.ACTIVE,
        reason=None,
        active_since=now,
        failures_count=0,
        failing_since=None,
        paused_until=None,
        changed_at=now,
    )


def answered(webhook: Webhook) -> Webhook:
    """Its endpoint took an event."""
    return replace(webhook, failures_count=0, failing_since=None, paused_until=None)


def failed(webhook: Webhook, pause: timedelta, failing_max: timedelta, now: datetime) -> Webhook:
    """Its endpoint is left alone for a while, and for good once it has failed for too long."""
    since = webhook.failing_since or now
    after = replace(
        webhook,
        failures_count=webhook.failures_count + 1,
        failing_since=since,
        paused_until=now + pause if pause else webhook.paused_until,
    )
    return disabled(after, DisabledReason.FAILING, now) if now - since >= failing_max else after
