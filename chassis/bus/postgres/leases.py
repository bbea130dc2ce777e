"""Leases of a group's partitions: advisory locks of a session, which end when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

# Two-number advisory locks show in pg_locks as classid, objid with objsubid 2. Number 0 of a group is shared
# by its replicas and counts them; number p + 1 is the lease of partition p.
_HELD = """
SELECT objid::bigint AS number, pid FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid = $1::bigint::oid
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def join(connection: asyncpg.Connection, group_id: int) -> None:
    """Be counted as a replica of the group."""
    await connection.execute("SELECT pg_advisory_lock_shared($1, 0)", group_id)


async def leave(connection: asyncpg.Connection, group_id: int, mine: Iterable[int]) -> None:
    """Give back these partitions, and be counted no longer."""
    for partition in mine:
        await connection.execute("SELECT pg_advisory_unlock($1, $2)", group_id, partition + 1)
    await connection.execute("SELECT pg_advisory_unlock_shared($1, 0)", group_id)


async def balance(
    connection: asyncpg.Connection, group_id: int, partitions_count: int, mine: set[int]
) -> None:
    """Bring `mine` to an even share: give back what is over it, take what is free."""
    held = await connection.fetch(_HELD, group_id)
    members = sorted({row["pid"] for row in held if row["number"] == 0})
    taken = {row["number"] - 1 for row in held if row["number"] > 0}
    whole, rest = divmod(partitions_count, len(members))
    target = whole + (1 if members.index(connection.get_server_pid()) < rest else 0)
    for partition in sorted(mine, reverse=True)[: max(0, len(mine) - target)]:
        await connection.execute("SELECT pg_advisory_unlock($1, $2)", group_id, partition + 1)
        mine.discard(partition)
    for partition in range(partitions_count):
        if len(mine) >= target:
            break
        if partition not in taken and await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, $2)", group_id, partition + 1
        ):
            mine.add(partition)
