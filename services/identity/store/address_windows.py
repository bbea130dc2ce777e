"""Requests before sign-in, counted by address and window; rows, so that all replicas count together."""

from datetime import datetime

from chassis.unit_of_work import UnitOfWork


async def count_request(unit: UnitOfWork, address: str, window_started_at: datetime) -> int:
    """Count one more request of the address in this window; returns the count."""
    raw = await unit.raw()
    count: int | None = await raw.fetchval(
        """
        INSERT INTO address_windows AS present (address, started_at, requests_count) VALUES ($1, $2, 1)
        ON CONFLICT (address, started_at) DO UPDATE SET requests_count = present.requests_count + 1
        RETURNING requests_count
        """,
        address,
        window_started_at,
    )
    assert count is not None
    return count


async def forget_windows(unit: UnitOfWork, before: datetime, limit: int) -> int:
    """Drop windows that started before, at most `limit`; returns how many."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM address_windows WHERE (address, started_at) IN (
            SELECT address, started_at FROM address_windows WHERE started_at < $1
            ORDER BY started_at LIMIT $2)
        RETURNING 1
        """,
        before,
        limit,
    )
    return len(rows)
