"""A union of a million: its rows are written beside the API, and read over it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import uuid_utils

from bench.gateway.load import Load, Target, load_of
from bench.gateway.served import Served
from bench.gateway.union import FoundedUnion

ROWS_A_BATCH = 20_000
READING = 4
"""Connections that read: at more of them a closed loop measures its own queue."""
FIRST_PAGE, SEARCH = "first page of the members", "members by the beginning of a handle"
JOINED_FROM = datetime(2026, 1, 1, tzinfo=UTC)
MEMBER_COLUMNS = ("id", "handle", "name", "bio", "version", "created_at")
MEMBERSHIP_COLUMNS = (
    "union_id",
    "member_id",
    "version",
    "state",
    "role",
    "charter_version",
    "by_founder_invitation",
    "first_joined_at",
    "joined_at",
    "changed_at",
)


async def store_members(identity_url: str, union: FoundedUnion, members: int) -> None:
    """So many more members of the union, who joined one second after the other."""
    connection = await asyncpg.connect(identity_url)
    union_id = UUID(union.told["id"])
    try:
        for place in range(0, members, ROWS_A_BATCH):
            await _store(connection, union_id, range(place, min(place + ROWS_A_BATCH, members)))
        await connection.execute(
            "UPDATE member_counts SET active_members = active_members + $2 "
            "WHERE (union_id, shard) = (SELECT union_id, min(shard) FROM member_counts WHERE union_id = $1 "
            "GROUP BY union_id)",
            union_id,
            members,
        )
        await connection.execute("VACUUM ANALYZE members")
        await connection.execute("VACUUM ANALYZE memberships")
    finally:
        await connection.close()


async def _store(connection: asyncpg.Connection, union_id: UUID, numbers: range) -> None:
    ids = [UUID(int=uuid_utils.uuid7().int) for _ in numbers]
    joined = [JOINED_FROM + timedelta(seconds=number) for number in numbers]
    await connection.copy_records_to_table(
        "members",
        records=[
            (member_id, f"weaver-{number:07}", f"Weaver {number}", "", 1, at)
            for member_id, number, at in zip(ids, numbers, joined, strict=True)
        ],
        columns=MEMBER_COLUMNS,
    )
    await connection.copy_records_to_table(
        "memberships",
        records=[
            (union_id, member_id, 1, "active", "member", 1, False, at, at, at)
            for member_id, at in zip(ids, joined, strict=True)
        ],
        columns=MEMBERSHIP_COLUMNS,
    )


async def reading(deployment: Served, union: FoundedUnion, members: int, seconds: float) -> dict[str, Load]:
    token = union.sessions[0].tokens.access_token
    list_path = f"{union.path}/memberships"
    beginnings = [f"weaver-{number:07}"[:-2] for number in range(members // 2, members, max(1, members // 8))]
    targets = {
        FIRST_PAGE: [Target(f"{list_path}?limit=50", token)],
        SEARCH: [Target(f"{list_path}?handle={beginning}", token) for beginning in beginnings],
    }
    return {
        name: await asyncio.to_thread(
            load_of, deployment.port, asked, seconds, deployment.process_id, READING
        )
        for name, asked in targets.items()
    }
