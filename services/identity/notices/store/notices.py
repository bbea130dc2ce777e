"""Notices as rows: one for each thing that has happened and was not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.domain.message import Happened
from services.identity.store.row_counts import rows_of
from services.identity.store.shown_names import shown_name

UNREAD_COUNTED_MAX = 100

# The members' addresses are locked before a notice has its number: a message which is being sent has it or
# is below it. The count has the lock come first: a row is inserted, and numbered, behind it.
_KEEP = """
WITH told AS MATERIALIZED (
    SELECT member_id FROM notice_addresses
    WHERE member_id = ANY($1::uuid[]) AND confirmed_at IS NOT NULL ORDER BY id FOR UPDATE
), kept AS (
    INSERT INTO notices
        (member_id, notice_id, union_id, kind, subject, subject_id, actor_id, happened_count, made_at)
    SELECT m.id, asked.notice_id, asked.union_id, asked.kind, asked.subject, asked.subject_id, asked.actor_id,
           asked.happened_count, asked.made_at
    FROM (SELECT count(*) FROM told) AS locked,
         unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::int[],
                $9::timestamptz[]) WITH ORDINALITY
           AS asked (member_id, notice_id, union_id, kind, subject, subject_id, actor_id, happened_count,
                     made_at, place)
         JOIN members m ON m.id = asked.member_id AND m.erasing_since IS NULL
    WHERE asked.union_id IS NULL OR EXISTS (SELECT FROM unions u WHERE u.id = asked.union_id)
    ORDER BY asked.place
    ON CONFLICT (member_id, union_id, kind, subject_id) WHERE read_at IS NULL
    DO UPDATE SET notice_id = excluded.notice_id, actor_id = excluded.actor_id, made_at = excluded.made_at,
        happened_count = notices.happened_count + excluded.happened_count, number = DEFAULT
    RETURNING notice_id, member_id
)
SELECT notice_id, member_id IN (SELECT member_id FROM told) AS is_told_elsewhere FROM kept
"""
_LIST = """
SELECT n.*, u.slug, u.name FROM notices n LEFT JOIN unions u ON u.id = n.union_id
WHERE n.member_id = $1 AND ($2::uuid IS NULL OR n.notice_id < $2)
ORDER BY n.notice_id DESC LIMIT $3
"""
_COUNT_UNREAD = f"""
SELECT count(*) FROM (
    SELECT FROM notices WHERE member_id = $1 AND read_at IS NULL LIMIT {UNREAD_COUNTED_MAX}
) AS unread
"""  # noqa: S608 - a constant of this module
_READ = """
UPDATE notices SET read_at = $3 WHERE member_id = $1 AND notice_id <= $2 AND read_at IS NULL
"""
_UNTOLD = f"""
SELECT n.number, n.kind, n.subject, n.subject_id, n.happened_count, u.slug, u.name,
       coalesce(nullif({shown_name("m", "$1")}, ''), '@' || m.handle, '') AS actor_name
FROM notices n LEFT JOIN unions u ON u.id = n.union_id LEFT JOIN members m ON m.id = n.actor_id
WHERE n.member_id = $1 AND n.read_at IS NULL AND n.number > $2
ORDER BY n.number DESC LIMIT $3
"""  # noqa: S608 - made of this house's own text
_NEWEST = "SELECT coalesce(max(number), 0) FROM notices WHERE member_id = $1"
_FORGET = """
DELETE FROM notices WHERE (member_id, notice_id) IN (
    SELECT member_id, notice_id FROM notices WHERE made_at < $1 ORDER BY made_at LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a member is told. `happened_count` > 1: several of one kind about one thing, unread together.

    Of no union: about the member's own account.
    """

    member_id: UUID
    notice_id: UUID
    union_id: UUID | None
    kind: str
    subject: str
    subject_id: UUID
    actor_id: UUID | None
    happened_count: int
    made_at: datetime
    read_at: datetime | None
    slug: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something that has just happened to a member, in a union or to their own account."""

    union_id: UUID | None
    notice_id: UUID
    member_id: UUID
    kind: str
    subject: str
    subject_id: UUID
    actor_id: UUID | None
    made_at: datetime
    happened_count: int = 1

    @property
    def about(self) -> tuple[UUID, UUID | None, str, UUID]:
        """What two have in common that are one while nobody has read them."""
        return (self.member_id, self.union_id, self.kind, self.subject_id)


async def keep_notices(unit: UnitOfWork, notices: Sequence[NewNotice]) -> Mapping[UUID, bool]:
    """Whether its member is told anywhere else, by notice; without those whose member or union is not here.

    Raises CardinalityViolationError where two are about the same.
    """
    columns = (
        [notice.member_id for notice in notices],
        [notice.notice_id for notice in notices],
        [notice.union_id for notice in notices],
        [notice.kind for notice in notices],
        [notice.subject for notice in notices],
        [notice.subject_id for notice in notices],
        [notice.actor_id for notice in notices],
        [notice.happened_count for notice in notices],
        [notice.made_at for notice in notices],
    )
    rows = await (await unit.raw()).fetch(_KEEP, *columns)
    return {row["notice_id"]: row["is_told_elsewhere"] for row in rows}


async def list_notices(
    unit: UnitOfWork, member_id: UUID, before: UUID | None, limit: int
) -> Sequence[Notice]:
    """The newest first."""
    rows = await (await unit.raw()).fetch(_LIST, member_id, before, limit)
    return [Notice(**{name: row[name] for name in Notice.__dataclass_fields__}) for row in rows]


async def count_unread(unit: UnitOfWork, member_id: UUID) -> int:
    """Up to `UNREAD_COUNTED_MAX`."""
    return int(await (await unit.raw()).fetchval(_COUNT_UNREAD, member_id) or 0)


async def mark_read(unit: UnitOfWork, member_id: UUID, through: UUID) -> None:
    """All up to this one."""
    await (await unit.raw()).execute(_READ, member_id, through, unit.now)


async def untold(unit: UnitOfWork, member_id: UUID, after: int, limit: int) -> Sequence[Happened]:
    """What was not read and comes after this number, the newest first."""
    return [
        Happened(
            number=row["number"],
            kind=row["kind"],
            subject=row["subject"],
            subject_id=row["subject_id"],
            union_slug=row["slug"] or "",
            union_name=row["name"] or "",
            actor_name=row["actor_name"],
            count=row["happened_count"],
        )
        for row in await (await unit.raw()).fetch(_UNTOLD, member_id, after, limit)
    ]


async def newest_number(unit: UnitOfWork, member_id: UUID) -> int:
    """0 without any."""
    return int(await (await unit.raw()).fetchval(_NEWEST, member_id) or 0)


async def forget_notices(unit: UnitOfWork, before: datetime, limit: int) -> int:
    """Returns how many are gone."""
    done = await (await unit.raw()).execute(_FORGET, before, limit)
    return rows_of(done)
