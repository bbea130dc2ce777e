"""Attempts, counted by kind, subject and window; rows, so that all replicas count together."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork


async def count_attempt(unit: UnitOfWork, kind: str, subject: str, window_started_at: datetime) -> int:
    """Count one more attempt in this window; returns the count, this one included."""
    raw = await unit.raw()
    count: int | None = await raw.fetchval(
        """
        INSERT INTO attempt_windows AS present (kind, subject, started_at, attempts_count)
        VALUES ($1, $2, $3, 1)
        ON CONFLICT (kind, subject, started_at) DO UPDATE SET attempts_count = present.attempts_count + 1
        RETURNING attempts_count
        """,
        kind,
        subject,
        window_started_at,
    )
    assert count is not None
    return count


async def forget_attempts(unit: UnitOfWork, before: datetime, limit: int) -> int:
    """Drop windows that started before, at most `limit`; returns how many."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM attempt_windows WHERE (kind, subject, started_at) IN (
            SELECT kind, subject, started_at FROM attempt_windows WHERE started_at < $1
            ORDER BY started_at LIMIT $2)
        RETURNING 1
        """,
        before,
        limit,
    )
    return len(rows)
