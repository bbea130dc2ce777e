"""Reads the projection; what is looked up before a request's first write opens no transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.membership.views import ACTIVE, Membership, UnionView
from chassis.money import Asset

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool
    from chassis.unit_of_work import UnitOfWork


def union_view(row: asyncpg.Record) -> UnionView:
    return UnionView(
        row["union_id"],
        row["slug"],
        row["state"],
        row["founder_id"],
        Asset(row["token_symbol"], row["token_scale"]),
        row["charter_version"],
        row["parameters"],
        row["founded_at"],
    )


async def find_union(unit: UnitOfWork, name: str) -> UnionView | None:
    """The union with this id or slug, where the projection knows it."""
    union_id = _uuid_or_none(name)
    raw = await unit.raw_reads()
    if union_id is not None:
        row = await raw.fetchrow("SELECT * FROM unions WHERE union_id = $1", union_id)
    else:
        row = await raw.fetchrow("SELECT * FROM unions WHERE slug = $1", name)
    return None if row is None else union_view(row)


async def find_membership(unit: UnitOfWork, union: UnionView, member_id: UUID) -> Membership | None:
    """A member's membership, where the projection knows it."""
    raw = await unit.raw_reads()
    row = await raw.fetchrow(
        """
        SELECT state, role, by_founder_invitation, version FROM memberships
        WHERE union_id = $1 AND member_id = $2
        """,
        union.id,
        member_id,
    )
    if row is None:
        return None
    return Membership(
        union, member_id, row["state"], row["role"], row["by_founder_invitation"], row["version"]
    )


async def find_union_of_member(
    unit: UnitOfWork, name: str, member_id: UUID
) -> tuple[UnionView, Membership | None] | None:
    """A union and a member's membership of it in one statement, as far as the projection knows them."""
    union_id = _uuid_or_none(name)
    raw = await unit.raw_reads()
    row = await raw.fetchrow(
        f"""
        SELECT u.*, m.state AS member_state, m.role AS member_role, m.by_founder_invitation,
               m.version AS member_version
        FROM unions u LEFT JOIN memberships m ON m.union_id = u.union_id AND m.member_id = $2
        WHERE u.{"slug" if union_id is None else "union_id"} = $1
        """,  # noqa: S608 - one of two names
        name if union_id is None else union_id,
        member_id,
    )
    if row is None:
        return None
    union = union_view(row)
    if row["member_state"] is None:
        return union, None
    return union, Membership(
        union,
        member_id,
        row["member_state"],
        row["member_role"],
        row["by_founder_invitation"],
        row["member_version"],
    )


async def known_versions(pool: ReadPool, keys: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """The version that the projection has of each of these (union, member)."""
    rows = await pool.fetch(
        """
        SELECT union_id, member_id, version FROM memberships
        JOIN unnest($1::uuid[], $2::uuid[]) AS asked (union_id, member_id) USING (union_id, member_id)
        """,
        [union_id for union_id, _ in keys],
        [member_id for _, member_id in keys],
    )
    return {(row["union_id"], row["member_id"]): row["version"] for row in rows}


async def active_members(unit: UnitOfWork, union_id: UUID, member_ids: list[UUID]) -> set[UUID]:
    """Which of these are active members."""
    raw = await unit.raw()
    rows = await raw.fetch(
        "SELECT member_id FROM memberships WHERE union_id = $1 AND state = $3 "
        "AND member_id = ANY($2::uuid[])",
        union_id,
        member_ids,
        ACTIVE,
    )
    return {row["member_id"] for row in rows}


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
