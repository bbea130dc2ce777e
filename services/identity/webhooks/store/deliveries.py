"""Deliveries as rows: what waits, what was tried and with what answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.identity.webhooks.domain.delivery import Attempt, Delivery, DeliveryState

if TYPE_CHECKING:
    import asyncpg

_COLUMNS = (
    "id, number, webhook_id, event_id, event_type, body, state, attempts_count, created_at, next_attempt_at, "
    "last_at, last_status, last_error, last_took_ms"
)


def _delivery(row: Mapping[str, Any]) -> Delivery:
    last = None
    if row["last_at"] is not None:
        last = Attempt(row["last_at"], row["last_took_ms"], row["last_status"], row["last_error"])
    return Delivery(
        id=row["id"],
        number=row["number"],
        webhook_id=row["webhook_id"],
        event_id=row["event_id"],
        event_type=row["event_type"],
        body=row["body"],
        state=DeliveryState(row["state"]),
        attempts_count=row["attempts_count"],
        created_at=row["created_at"],
        next_attempt_at=row["next_attempt_at"],
        last=last,
    )


async def add_deliveries(raw: asyncpg.Connection, deliveries: Sequence[Delivery]) -> int:
    """Due at once. An event that a webhook has already is left as it is; returns how many are new."""
    rows = await raw.fetch(
        """
        INSERT INTO webhook_deliveries
            (id, webhook_id, event_id, event_type, body, state, attempts_count, created_at, next_attempt_at)
        SELECT new.id, new.webhook_id, new.event_id, new.type, new.body, 'waiting', 0, new.at, new.at
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::timestamptz[])
            WITH ORDINALITY AS new (id, webhook_id, event_id, type, body, at, place)
        JOIN webhooks ON webhooks.id = new.webhook_id
        ORDER BY new.place
        ON CONFLICT (webhook_id, event_id) DO NOTHING RETURNING 1
        """,
        [one.id for one in deliveries],
        [one.webhook_id for one in deliveries],
        [one.event_id for one in deliveries],
        [one.event_type for one in deliveries],
        [one.body for one in deliveries],
        [one.created_at for one in deliveries],
    )
    return len(rows)


async def next_due(raw: asyncpg.Connection, webhook_id: UUID, now: datetime) -> Delivery | None:
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting' "  # noqa: S608
        "AND next_attempt_at <= $2 ORDER BY next_attempt_at, number LIMIT 1",
        webhook_id,
        now,
    )
    return None if row is None else _delivery(row)


async def find_delivery(raw: asyncpg.Connection, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
    """Under its row's lock."""
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        webhook_id,
        delivery_id,
    )
    return None if row is None else _delivery(row)


async def save_delivery(raw: asyncpg.Connection, delivery: Delivery) -> None:
    last = delivery.last
    await raw.execute(
        "UPDATE webhook_deliveries SET state = $2, attempts_count = $3, next_attempt_at = $4, last_at = $5, "
        "last_status = $6, last_error = $7, last_took_ms = $8 WHERE id = $1",
        delivery.id,
        delivery.state.value,
        delivery.attempts_count,
        delivery.next_attempt_at,
        None if last is None else last.at,
        None if last is None else last.status,
        None if last is None else last.error,
        None if last is None else last.took_ms,
    )


async def drop_waiting(raw: asyncpg.Connection, webhook_id: UUID) -> None:
    """What waits for a webhook that was disabled is not sent any more."""
    await raw.execute(
        "UPDATE webhook_deliveries SET state = 'dropped', next_attempt_at = NULL "
        "WHERE webhook_id = $1 AND state = 'waiting'",
        webhook_id,
    )


async def deliveries_before(
    raw: asyncpg.Connection, webhook_id: UUID, state: DeliveryState | None, before: int | None, limit: int
) -> Sequence[Delivery]:
    """The newest first."""
    rows = await raw.fetch(
        f"SELECT {_COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 "  # noqa: S608
        "AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR number < $3) "
        "ORDER BY number DESC LIMIT $4",
        webhook_id,
        None if state is None else state.value,
        before,
        limit,
    )
    return [_delivery(row) for row in rows]


async def waiting_figures(raw: asyncpg.Connection, now: datetime) -> tuple[int, float]:
    """How many wait, and the seconds for which the longest is due to an endpoint that is not left alone."""
    row = await raw.fetchrow(
        """
        SELECT count(*) AS waiting,
               min(next_attempt_at) FILTER (WHERE paused_until IS NULL OR paused_until <= $1) AS due
        FROM webhook_deliveries JOIN webhooks ON webhooks.id = webhook_id
        WHERE webhook_deliveries.state = 'waiting'
        """,
        now,
    )
    assert row is not None
    overdue = 0.0 if row["due"] is None else (now - row["due"]).total_seconds()
    return row["waiting"], max(0.0, overdue)


async def forget_deliveries(raw: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Drop what was done with before this time, at most `limit`; returns how many."""
    rows = await raw.fetch(
        """
        DELETE FROM webhook_deliveries WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE created_at < $1 AND state <> 'waiting'
            ORDER BY created_at LIMIT $2)
        RETURNING 1
        """,
        before,
        limit,
    )
    return len(rows)
