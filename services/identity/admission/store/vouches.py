"""Vouches: which member stands for whom, until they have joined, and afterwards as what was so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.store.shown_names import shown_name

_SHOWN = f"""
SELECT m.id AS member_id, m.handle, {shown_name("m", "$6")}, v.vouched_at, v.withdrawn_at, v.joined_at,
       CASE WHEN v.vouched_id = $6 OR $7 AND s.state = 'active' THEN s.state END
FROM vouches v JOIN members m ON m.id = v.{{other}}
LEFT JOIN memberships s ON s.union_id = v.union_id AND s.member_id = v.vouched_id
WHERE v.union_id = $1 AND v.{{one}} = $2
  AND ($3::timestamptz IS NULL OR (v.vouched_at, v.{{other}}) > ($3, $4))
ORDER BY v.vouched_at, v.{{other}} LIMIT $5
"""  # noqa: S608 - made of this house's own text
_FOR = _SHOWN.format(other="voucher_id", one="vouched_id")
_BY = _SHOWN.format(other="vouched_id", one="voucher_id")


@dataclass(frozen=True, slots=True)
class VouchReader:
    """Who reads, and whether the charter shows them who the active members are."""

    member_id: UUID
    sees_members: bool


@dataclass(frozen=True, slots=True)
class ShownVouch:
    """With the other one of the two, and what the vouched one's membership is, as far as the reader may know
    it."""

    member_id: UUID
    handle: str
    name: str
    vouched_at: datetime
    withdrawn_at: datetime | None
    joined_at: datetime | None
    state: str | None


async def open_vouches_by(unit: UnitOfWork, union_id: UUID, voucher_id: UUID, since: datetime) -> int:
    """Of one member, given since then, whose vouched ones have not joined."""
    counted: int | None = await (await unit.raw()).fetchval(
        """
        SELECT count(*) FROM vouches
        WHERE union_id = $1 AND voucher_id = $2 AND withdrawn_at IS NULL AND joined_at IS NULL
          AND vouched_at > $3
        """,
        union_id,
        voucher_id,
        since,
    )
    return counted or 0


async def add_vouch(unit: UnitOfWork, union_id: UUID, vouched_id: UUID, voucher_id: UUID) -> bool:
    """False where they vouch for them already."""
    status = await (await unit.raw()).execute(
        """
        INSERT INTO vouches (union_id, vouched_id, voucher_id, vouched_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """,
        union_id,
        vouched_id,
        voucher_id,
        unit.now,
    )
    return status == "INSERT 0 1"


async def end_vouch(
    unit: UnitOfWork, union_id: UUID, vouched_id: UUID, voucher_id: UUID, before: datetime | None = None
) -> bool:
    """One that is open, and was given before then where that is named. False where none is."""
    status = await (await unit.raw()).execute(
        """
        UPDATE vouches SET withdrawn_at = $4
        WHERE union_id = $1 AND vouched_id = $2 AND voucher_id = $3 AND withdrawn_at IS NULL
          AND joined_at IS NULL AND ($5::timestamptz IS NULL OR vouched_at <= $5)
        """,
        union_id,
        vouched_id,
        voucher_id,
        unit.now,
        before,
    )
    return status == "UPDATE 1"


async def vouches_of(
    unit: UnitOfWork,
    union_id: UUID,
    member_id: UUID,
    reader: VouchReader,
    after: tuple[datetime, UUID] | None,
    limit: int,
    *,
    given: bool,
) -> Sequence[ShownVouch]:
    """Those that a member gave, or got; the oldest first, one more than the limit where there are more."""
    at, other = (None, None) if after is None else after
    query = _BY if given else _FOR
    rows = await (await unit.raw()).fetch(
        query, union_id, member_id, at, other, limit + 1, reader.member_id, reader.sees_members
    )
    return [ShownVouch(*row.values()) for row in rows]
