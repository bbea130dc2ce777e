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

# A name is an id or a slug. OFFSET 0 has each row looked up by itself.
_UNIONS_OF_MEMBERS = """
SELECT asked.place, u.*, m.state AS member_state, m.role AS member_role, m.by_founder_invitation,
       m.version AS member_version
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) WITH ORDINALITY AS asked (union_id, slug, member_id, place)
CROSS JOIN LATERAL (
    SELECT * FROM unions WHERE union_id = asked.union_id
    UNION ALL
    SELECT * FROM unions WHERE slug = asked.slug) u
LEFT JOIN LATERAL (
    SELECT state, role, by_founder_invitation, version FROM memberships
    WHERE union_id = u.union_id AND member_id = asked.member_id OFFSET 0) m ON true
"""

UnionOfMember = tuple[UnionView, Membership | None]


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


async def find_unions_of_members(
    raw: asyncpg.Connection | ReadPool, asked: Sequence[tuple[str, UUID]]
) -> list[UnionOfMember | None]:
    """Each union by its name, and each member's membership of it, as far as the projection knows them: in one
    statement."""
    union_ids = [_uuid_or_none(name) for name, _ in asked]
    rows = await raw.fetch(
        _UNIONS_OF_MEMBERS,
        union_ids,
        [name if known is None else None for (name, _), known in zip(asked, union_ids, strict=True)],
        [member_id for _, member_id in asked],
    )
    found: list[UnionOfMember | None] = [None] * len(asked)
    for row in rows:
        place = row["place"] - 1
        found[place] = _union_of_member(row, asked[place][1])
    return found


def _union_of_member(row: asyncpg.Record, member_id: UUID) -> UnionOfMember:
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
