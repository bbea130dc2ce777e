"""Webhooks as rows, and the lease of the one process that sends to each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.identity.webhooks.domain.webhook import DisabledReason, Webhook, WebhookState

if TYPE_CHECKING:
    import asyncpg

_COLUMNS = (
    "id, union_id, url, types, note, secret, previous_secret, previous_until, state, reason, active_since, "
    "failures_count, failing_since, paused_until, changed_at, created_by, created_at"
)
_PLACES = ", ".join(f"${number}" for number in range(1, 18))
_SAVED = (
    "url = $3, types = $4, note = $5, secret = $6, previous_secret = $7, previous_until = $8, state = $9, "
    "reason = $10, active_since = $11, failures_count = $12, failing_since = $13, paused_until = $14, "
    "changed_at = $15"
)
_LEASE = f"""
UPDATE webhooks SET leased_until = $2 WHERE id IN (
    SELECT id FROM webhooks WHERE state = 'active'
      AND (leased_until IS NULL OR leased_until <= $1) AND (paused_until IS NULL OR paused_until <= $1)
      AND EXISTS (SELECT FROM webhook_deliveries WHERE webhook_id = webhooks.id AND state = 'waiting'
                  AND next_attempt_at <= $1)
    ORDER BY leased_until NULLS FIRST, id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""  # noqa: S608 - made of this file's own text


def _values(webhook: Webhook) -> tuple[Any, ...]:
    return (
        webhook.id,
        webhook.union_id,
        webhook.url,
        list(webhook.types),
        webhook.note,
        webhook.secret,
        webhook.previous_secret,
        webhook.previous_until,
        webhook.state.value,
        None if webhook.reason is None else webhook.reason.value,
        webhook.active_since,
        webhook.failures_count,
        webhook.failing_since,
        webhook.paused_until,
        webhook.changed_at,
        webhook.created_by,
        webhook.created_at,
    )


def _webhook(row: Mapping[str, Any]) -> Webhook:
    told = dict(row)
    told["types"] = tuple(told["types"])
    told["state"] = WebhookState(told["state"])
    told["reason"] = None if told["reason"] is None else DisabledReason(told["reason"])
    return Webhook(**told)


async def add_webhook(raw: asyncpg.Connection, webhook: Webhook) -> None:
    await raw.execute(f"INSERT INTO webhooks ({_COLUMNS}) VALUES ({_PLACES})", *_values(webhook))  # noqa: S608


async def save_webhook(raw: asyncpg.Connection, webhook: Webhook) -> None:
    """All that may change. The caller holds the row's lock."""
    query = f"UPDATE webhooks SET {_SAVED} WHERE id = $1 AND union_id = $2"  # noqa: S608
    await raw.execute(query, *_values(webhook)[:15])


async def remove_webhook(raw: asyncpg.Connection, webhook_id: UUID) -> None:
    """With what waits for it."""
    await raw.execute("DELETE FROM webhooks WHERE id = $1", webhook_id)


async def webhooks_of(raw: asyncpg.Connection, union_id: UUID) -> Sequence[Webhook]:
    """The oldest first."""
    rows = await raw.fetch(f"SELECT {_COLUMNS} FROM webhooks WHERE union_id = $1 ORDER BY id", union_id)  # noqa: S608
    return [_webhook(row) for row in rows]


async def find_webhook(
    raw: asyncpg.Connection, union_id: UUID, webhook_id: UUID, *, lock: bool = False
) -> Webhook | None:
    locking = "FOR UPDATE" if lock else ""
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM webhooks WHERE union_id = $1 AND id = $2 {locking}",  # noqa: S608
        union_id,
        webhook_id,
    )
    return None if row is None else _webhook(row)


async def active_webhooks(raw: asyncpg.Connection, unions: Collection[UUID]) -> Mapping[UUID, list[Webhook]]:
    """By union; one without is not there."""
    rows = await raw.fetch(
        f"SELECT {_COLUMNS} FROM webhooks WHERE state = 'active' AND union_id = ANY($1) ORDER BY id",  # noqa: S608
        list(unions),
    )
    found: dict[UUID, list[Webhook]] = {}
    for row in rows:
        found.setdefault(row["union_id"], []).append(_webhook(row))
    return found


async def lease_due(
    raw: asyncpg.Connection, now: datetime, lease: timedelta, limit: int
) -> Sequence[Webhook]:
    """Webhooks to which something is due and to which no process sends: the caller's until the lease ends."""
    return [_webhook(row) for row in await raw.fetch(_LEASE, now, now + lease, limit)]


async def extend_lease(raw: asyncpg.Connection, webhook_id: UUID, until: datetime | None) -> None:
    """None gives it back."""
    await raw.execute("UPDATE webhooks SET leased_until = $2 WHERE id = $1", webhook_id, until)
