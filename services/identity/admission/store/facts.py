"""What is so for somebody who comes in, and that a membership used it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork


async def is_admitted(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> bool:
    """By an application that no membership has begun by, nor ended since it was decided."""
    query = """
        SELECT EXISTS (
            SELECT FROM applications a
            LEFT JOIN memberships m ON (m.union_id, m.member_id) = (a.union_id, a.applicant_id)
            WHERE a.union_id = $1 AND a.applicant_id = $2 AND a.state = 'admitted' AND a.joined_at IS NULL
              AND (m.changed_at IS NULL OR m.changed_at <= a.decided_at))
        """
    return bool(await (await unit.raw()).fetchval(query, union_id, member_id))


async def vouches_for(unit: UnitOfWork, union_id: UUID, member_id: UUID, since: datetime) -> int:
    """By members who are active now, given since then and not withdrawn."""
    counted: int | None = await (await unit.raw()).fetchval(
        """
        SELECT count(*) FROM vouches v
        JOIN memberships m ON (m.union_id, m.member_id) = (v.union_id, v.voucher_id) AND m.state = 'active'
        WHERE v.union_id = $1 AND v.vouched_id = $2 AND v.withdrawn_at IS NULL AND v.joined_at IS NULL
          AND v.vouched_at > $3
        """,
        union_id,
        member_id,
        since,
    )
    return counted or 0


async def active_in(unit: UnitOfWork, member_id: UUID, slugs: Collection[str]) -> frozenset[str]:
    """Of these unions, those whose active member somebody is."""
    rows = await (await unit.raw()).fetch(
        """
        SELECT u.slug FROM unions u
        JOIN memberships m ON m.union_id = u.id AND m.member_id = $1 AND m.state = 'active'
        WHERE u.slug = ANY($2) AND u.state = 'active'
        """,
        member_id,
        list(slugs),
    )
    return frozenset(row["slug"] for row in rows)


async def use_facts(unit: UnitOfWork, union_id: UUID, member_id: UUID, since: datetime) -> None:
    """The membership that begins now rests on what was proven, and has used the vouches and the application,
    or ends it undecided: whatever rule let them in, coming back needs others of these."""
    await (await unit.raw()).execute(
        """
        WITH held AS (
            UPDATE admission_proofs SET unneeded_since = NULL WHERE union_id = $1 AND member_id = $2),
        closed AS (
            UPDATE applications SET waiting_since = NULL,
                state = CASE WHEN state = 'admitted' THEN state ELSE 'withdrawn' END,
                decided_at = CASE WHEN state = 'admitted' THEN decided_at ELSE $3 END,
                joined_at = CASE WHEN state = 'admitted' THEN $3::timestamptz END
            WHERE union_id = $1 AND applicant_id = $2
              AND (state IN ('applied', 'waiting') OR state = 'admitted' AND joined_at IS NULL))
        UPDATE vouches SET joined_at = $3
        WHERE union_id = $1 AND vouched_id = $2 AND withdrawn_at IS NULL AND joined_at IS NULL
          AND vouched_at > $4 AND EXISTS (
            SELECT FROM memberships m
            WHERE (m.union_id, m.member_id) = (vouches.union_id, vouches.voucher_id) AND m.state = 'active')
        """,
        union_id,
        member_id,
        unit.now,
        since,
    )
