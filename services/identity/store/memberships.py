"""Memberships: one row per member and union, and counters that no one row of makes hot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import RowMapping, Select, Uuid, bindparam, func, select, text, tuple_

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import Membership, MembershipState, Role
from services.identity.domain.privacy import DEFAULTS, Reader, circles_of
from services.identity.store.shown_names import shown_name
from services.identity.store.tables import member_counts, member_skills, members, memberships, unions

COUNT_SHARDS = 16

_SAVE = """
WITH saved AS (
    INSERT INTO memberships AS present (union_id, member_id, version, state, role, charter_version,
        by_founder_invitation, invitation_id, first_joined_at, joined_at, changed_at, silent_since)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $14)
    ON CONFLICT (union_id, member_id) DO UPDATE SET version = excluded.version, state = excluded.state,
        role = excluded.role, charter_version = excluded.charter_version,
        by_founder_invitation = excluded.by_founder_invitation, invitation_id = excluded.invitation_id,
        joined_at = excluded.joined_at, changed_at = excluded.changed_at, silent_since = excluded.silent_since
    WHERE present.version = excluded.version - 1
    RETURNING union_id),
counted AS (
    INSERT INTO member_counts AS present (union_id, shard, active_members)
    SELECT union_id, $12, $13 FROM saved
    ON CONFLICT (union_id, shard)
        DO UPDATE SET active_members = present.active_members + excluded.active_members
    RETURNING 1)
SELECT count(*) FROM saved
"""


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A line of the member list."""

    membership: Membership
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class SkillWanted:
    """A skill, and as whom the reader asks: who does not show it to them is not found by it."""

    slug: str
    reader: Reader


async def save_membership(unit: UnitOfWork, membership: Membership, active_change: int) -> bool:
    """Write the next version and count `active_change`; False when another change was first."""
    raw = await unit.raw()
    saved: int | None = await raw.fetchval(
        _SAVE,
        membership.union_id,
        membership.member_id,
        membership.version,
        membership.state.value,
        membership.role.value,
        membership.charter_version,
        membership.by_founder_invitation,
        membership.invitation_id,
        membership.first_joined_at,
        membership.joined_at,
        membership.changed_at,
        membership.member_id.int % COUNT_SHARDS,
        active_change,
        membership.silent_since,
    )
    return saved == 1


async def membership_of(
    unit: UnitOfWork, union_id: UUID, member_id: UUID, *, lock: bool = False
) -> Membership | None:
    query = select(memberships).where(
        memberships.c.union_id == union_id, memberships.c.member_id == member_id
    )
    row = await unit.fetch_one(query.with_for_update() if lock else query)
    return None if row is None else membership_from(row)


def membership_from(row: RowMapping | asyncpg.Record) -> Membership:
    """A row of `memberships`, whoever read it."""
    return Membership(
        union_id=row["union_id"],
        member_id=row["member_id"],
        version=row["version"],
        state=MembershipState(row["state"]),
        role=Role(row["role"]),
        charter_version=row["charter_version"],
        by_founder_invitation=row["by_founder_invitation"],
        invitation_id=row["invitation_id"],
        first_joined_at=row["first_joined_at"],
        joined_at=row["joined_at"],
        changed_at=row["changed_at"],
        silent_since=row["silent_since"],
    )


async def active_members(unit: UnitOfWork, union_id: UUID) -> int:
    row = await unit.fetch_one(
        select(func.coalesce(func.sum(member_counts.c.active_members), 0).label("count")).where(
            member_counts.c.union_id == union_id
        )
    )
    return 0 if row is None else int(row["count"])


async def list_members(
    unit: UnitOfWork, union_id: UUID, reader_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[ListedMember]:
    """Active members in the order in which they joined."""
    query = _active(union_id, reader_id)
    if after is not None:
        query = query.where(tuple_(memberships.c.joined_at, memberships.c.member_id) > after)
    return await _listed(unit, query.order_by(memberships.c.joined_at, memberships.c.member_id).limit(limit))


async def find_members(
    unit: UnitOfWork,
    union_id: UUID,
    reader_id: UUID | None,
    prefix: str,
    skill: SkillWanted | None,
    after: str | None,
    limit: int,
) -> list[ListedMember]:
    """Active members whose handle begins so, by handle; the prefix has letters, digits and hyphens alone."""
    query = _active(union_id, reader_id).where(
        # A range rather than LIKE: the index of handles is in the order of their bytes.
        members.c.handle >= prefix,
        members.c.handle < f"{prefix}\x7f",
    )
    if skill is not None:
        query = _skilled(query, skill)
    if after is not None:
        query = query.where(members.c.handle > after)
    return await _listed(unit, query.order_by(members.c.handle).limit(limit))


async def find_skilled(
    unit: UnitOfWork,
    union_id: UUID,
    reader_id: UUID | None,
    skill: SkillWanted,
    after: UUID | None,
    limit: int,
) -> list[ListedMember]:
    """Active members who show that they have the skill, by id: both indexes are in that order."""
    query = _skilled(_active(union_id, reader_id), skill)
    if after is not None:
        query = query.where(member_skills.c.member_id > after)
    return await _listed(unit, query.order_by(member_skills.c.member_id).limit(limit))


def _active(union_id: UUID, reader_id: UUID | None) -> Select[Any]:
    """A union's active members, each with the name that the reader may see."""
    name = text(f"{shown_name('members', ':reader')} AS name").bindparams(
        bindparam("reader", reader_id, Uuid)
    )
    return (
        select(memberships, members.c.handle, name)
        .join(members, members.c.id == memberships.c.member_id)
        .where(memberships.c.union_id == union_id, memberships.c.state == MembershipState.ACTIVE.value)
    )


def _skilled(query: Select[Any], skill: SkillWanted) -> Select[Any]:
    said = func.coalesce(members.c.privacy["skills"].astext, DEFAULTS["skills"].value)
    return query.join(member_skills, member_skills.c.member_id == memberships.c.member_id).where(
        member_skills.c.skill == skill.slug, said.in_([circle.value for circle in circles_of(skill.reader)])
    )


async def _listed(unit: UnitOfWork, query: Select[Any]) -> list[ListedMember]:
    return [
        ListedMember(membership_from(row), row["handle"], row["name"]) for row in await unit.fetch_all(query)
    ]


async def memberships_of(
    unit: UnitOfWork, member_id: UUID, after: UUID | None, limit: int
) -> list[tuple[Membership, str, str]]:
    """A member's own memberships with slug and name of each union, in the order of the unions' ids."""
    query = (
        select(memberships, unions.c.slug, unions.c.name)
        .join(unions, unions.c.id == memberships.c.union_id)
        .where(memberships.c.member_id == member_id)
    )
    if after is not None:
        query = query.where(memberships.c.union_id > after)
    rows = await unit.fetch_all(query.order_by(memberships.c.union_id).limit(limit))
    return [
        (
            membership_from(row),
            row["slug"],
            row["name"],
        )
        for row in rows
    ]
