"""Tables partitioned by day: days are made ahead and dropped whole, as the role that owns the table.

Each such table has a default partition, so that a row of a day that nobody made is kept all the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LOCK_TIMEOUT = "2s"


def partition_name(table: str, day: date) -> str:
    """The partition that holds one day of a table."""
    return f"{table}_{day:%Y%m%d}"


async def make_days(
    connection: asyncpg.Connection, table: str, column: str, today: date, ahead_days: int = 2
) -> None:
    """Make the partitions of yesterday (clocks differ), today and the days ahead."""
    present = set(await kept_days(connection, table))
    for offset in range(-1, ahead_days + 1):
        day = today + timedelta(days=offset)
        if day not in present:
            await _make_day(connection, table, column, day)


async def _make_day(connection: asyncpg.Connection, table: str, column: str, day: date) -> None:
    in_default = await connection.fetchval(
        f'SELECT EXISTS (SELECT FROM "{table}_default" WHERE "{column}" = $1)',  # noqa: S608
        day,
    )
    if in_default:
        return
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            await connection.execute(
                f'CREATE TABLE "{partition_name(table, day)}" PARTITION OF "{table}" '
                f"FOR VALUES FROM ('{day.isoformat()}') TO ('{(day + timedelta(days=1)).isoformat()}')"
            )
    except (
        asyncpg.LockNotAvailableError,
        asyncpg.DuplicateTableError,
        asyncpg.UniqueViolationError,
        asyncpg.CheckViolationError,
        asyncpg.InvalidObjectDefinitionError,
    ):
        # Busy, or another process made it, or rows of the day came into the default partition meanwhile.
        return


async def kept_days(connection: asyncpg.Connection, table: str) -> list[date]:
    """The days that have a partition, oldest first."""
    names = await connection.fetch(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = to_regclass($1)",
        table,
    )
    suffixes = [str(row["relname"]).removeprefix(f"{table}_") for row in names]
    return sorted(date.fromisoformat(suffix) for suffix in suffixes if suffix.isdigit())


async def drop_days(
    connection: asyncpg.Connection,
    table: str,
    before: date,
    may_drop: Callable[[asyncpg.Connection, str, date], Awaitable[bool]] | None = None,
) -> list[date]:
    """Drop the partitions of the days before one; `may_drop` decides in the dropping transaction.

    It is asked with the connection, the partition's name and its day. Returns the days dropped.
    """
    dropped: list[date] = []
    for day in await kept_days(connection, table):
        if day >= before:
            break
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                if may_drop is not None and not await may_drop(connection, partition_name(table, day), day):
                    continue
                await connection.execute(f'DROP TABLE "{partition_name(table, day)}"')
        except (asyncpg.LockNotAvailableError, asyncpg.UndefinedTableError):
            continue
        dropped.append(day)
    return dropped


async def empty_default(connection: asyncpg.Connection, table: str, column: str, before: date) -> None:
    """Delete rows of old days that fell into the default partition."""
    await connection.execute(
        f'DELETE FROM "{table}_default" WHERE "{column}" < $1',  # noqa: S608
        before,
    )
