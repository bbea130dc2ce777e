"""Who holds an office from when to when, and the register of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.offices.domain.office import Ending, Holding, Rights
from services.identity.offices.store.offices import holding_of, rights_of
from services.identity.store.shown_names import shown_name

# The rights are those of the office's version of the moment that is asked for, or of the holding's last one.
_REGISTER = f"""
SELECT h.*, v.name AS office_name, v.rights, m.handle, {shown_name("m", "$6")} AS name
FROM office_holdings h
JOIN members m ON m.id = h.member_id
CROSS JOIN LATERAL (
    SELECT name, rights FROM office_versions
    WHERE union_id = h.union_id AND office_id = h.office_id
      AND changed_at <= coalesce($2, least(h.until, coalesce(h.ended_at, h.until)))
    ORDER BY version DESC LIMIT 1) v
WHERE h.union_id = $1
  AND ($2::timestamptz IS NULL OR (h.begins_at <= $2 AND h.until > $2
                                   AND (h.ended_at IS NULL OR h.ended_at > $2)))
  AND ($3::uuid IS NULL OR h.office_id = $3)
  AND ($4::uuid IS NULL OR h.id < $4)
ORDER BY h.id DESC LIMIT $5
"""  # noqa: S608 - made of this house's own text


@dataclass(frozen=True, slots=True)
class RegisteredHolding:
    """A line of the register: `ended_at`, `ended_by` and `why` where it ended before its term."""

    holding: Holding
    office_name: str
    rights: Rights
    handle: str
    name: str
    ended_at: datetime | None
    ended_by: UUID | None
    why: str | None


async def add_holding(unit: UnitOfWork, union_id: UUID, holding: Holding) -> None:
    raw = await unit.raw()
    await raw.execute(
        """
        INSERT INTO office_holdings (union_id, id, office_id, member_id, under_id, appointed_by, begins_at,
                                     until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        union_id,
        holding.id,
        holding.office_id,
        holding.member_id,
        holding.under_id,
        holding.appointed_by,
        holding.begins_at,
        holding.until,
    )


async def end_holdings(
    unit: UnitOfWork, union_id: UUID, holding_ids: Collection[UUID], by: UUID, why: Ending
) -> None:
    raw = await unit.raw()
    await raw.execute(
        """
        UPDATE office_holdings SET ended_at = $3, ended_by = $4, why = $5
        WHERE union_id = $1 AND id = ANY($2::uuid[]) AND ended_at IS NULL
        """,
        union_id,
        list(holding_ids),
        unit.now,
        by,
        why.value,
    )


async def holds_any(unit: UnitOfWork, union_id: UUID, member_ids: Sequence[UUID]) -> bool:
    """Whether a holding of one of them may live: most members have none, and nothing more is read then."""
    raw = await unit.raw()
    query = (
        "SELECT 1 FROM office_holdings "
        "WHERE union_id = $1 AND member_id = ANY($2::uuid[]) AND ended_at IS NULL AND until > $3 LIMIT 1"
    )
    return await raw.fetchval(query, union_id, list(member_ids), unit.now) is not None


async def register_page(
    unit: UnitOfWork,
    union_id: UUID,
    reader_id: UUID | None,
    at: datetime | None,
    office_id: UUID | None,
    before_id: UUID | None,
    limit: int,
) -> Sequence[RegisteredHolding]:
    """With the names that the reader may see, the newest first; with `at`, those of that moment alone."""
    raw = await unit.raw()
    rows = await raw.fetch(_REGISTER, union_id, at, office_id, before_id, limit, reader_id)
    return [
        RegisteredHolding(
            holding_of(row),
            row["office_name"],
            rights_of(row["rights"]),
            row["handle"],
            row["name"],
            row["ended_at"],
            row["ended_by"],
            row["why"],
        )
        for row in rows
    ]
