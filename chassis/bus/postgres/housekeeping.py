"""Keeps the days of the log, as the role that owns it: makes them ahead, drops them after retention.

A day is dropped one round after the low-water mark has passed it, so that no reader that saw the mark lower
is still reading.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import asyncpg

from chassis.day_partitions import drop_days, make_days

if TYPE_CHECKING:
    from chassis.clock import Clock

_LOCK_HEADS = "SELECT partition FROM heads ORDER BY partition FOR UPDATE"  # as an append does
_RAISE_LOW_WATER = """
UPDATE heads SET low_water = gone.position
FROM (SELECT partition, max(position) AS position FROM log WHERE appended_on < $1 GROUP BY partition) AS gone
WHERE heads.partition = gone.partition AND heads.low_water < gone.position
"""
_NOT_PASSED = """
SELECT EXISTS (
    SELECT FROM (SELECT partition, max(position) AS position FROM {partition} GROUP BY partition) AS day
    JOIN heads USING (partition) WHERE day.position > heads.low_water
)
"""


async def keep_log(owner_url: str, clock: Clock, kept_days: int) -> list[date]:
    """One round. Returns the days dropped. `kept_days` is at least the longest retention of a fact."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        today = clock.now().date()
        before = today - timedelta(days=kept_days)
        await make_days(connection, "log", "appended_on", today)
        dropped = await drop_days(connection, "log", before, _is_passed)
        await connection.execute(
            "DELETE FROM log_default USING heads WHERE heads.partition = log_default.partition "
            "AND log_default.appended_on < $1 AND log_default.position <= heads.low_water",
            before,
        )
        async with connection.transaction():
            await connection.execute(_LOCK_HEADS)
            await connection.execute(_RAISE_LOW_WATER, before)
        return dropped
    finally:
        await connection.close()


async def _is_passed(connection: asyncpg.Connection, partition: str, _: date) -> bool:
    return not await connection.fetchval(_NOT_PASSED.format(partition=partition))
