"""The daily partitions of a service's database: made ahead, dropped when over, as the owning role."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg

from chassis.day_partitions import drop_days, empty_default, make_days

if TYPE_CHECKING:
    from chassis.settings import ServiceSettings

HOUSEKEEPING_LOCK = 0x686F7573


async def keep_house(settings: ServiceSettings, now: datetime) -> None:
    """Make the days ahead and drop the days that are over; one process at a time, others pass."""
    connection = await asyncpg.connect(settings.owner_database_url.get_secret_value(), timeout=10)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", HOUSEKEEPING_LOCK):
            return
        today = now.date()
        kept = (
            ("outbox", "written_on", 1),
            ("inbox", "event_on", settings.inbox_kept_days),
            ("idempotency_keys", "created_on", settings.idempotency_kept_days),
        )
        for table, column, days in kept:
            before = today - timedelta(days=days)
            await make_days(connection, table, column, today)
            await drop_days(connection, table, before, _is_relayed if table == "outbox" else None)
            if table != "outbox":
                await empty_default(connection, table, column, before)
        await connection.execute("DELETE FROM outbox_default WHERE relayed AND written_on < $1", today)
    finally:
        await connection.close()


async def _is_relayed(connection: asyncpg.Connection, partition: str, _: date) -> bool:
    """A day of the outbox goes only when every row of it is on the bus."""
    return not await connection.fetchval(
        f'SELECT EXISTS (SELECT FROM "{partition}" WHERE NOT relayed)'  # noqa: S608
    )
