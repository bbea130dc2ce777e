"""What owners resolve, and who approved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.resolution import Resolution, ResolutionKind

_COLUMNS = "id, kind, member_id, term_seconds, proposed_by, proposed_at, expires_at, passed_at, passed_shares"
_ADD = f"""
INSERT INTO business_resolutions (union_id, business_id, {_COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""  # noqa: S608 - made of this file's own text
_PASS = """
UPDATE business_resolutions SET passed_at = $4, passed_shares = $5
WHERE union_id = $1 AND business_id = $2 AND id = $3
"""
_FIND = f"""
SELECT {_COLUMNS} FROM business_resolutions WHERE union_id = $1 AND business_id = $2 AND id = $3
"""  # noqa: S608 - made of this file's own text
_LIST = f"""
SELECT {_COLUMNS} FROM business_resolutions
WHERE union_id = $1 AND business_id = $2 AND ($3::uuid IS NULL OR id < $3)
  AND (NOT $5 OR (passed_at IS NULL AND expires_at > $6))
ORDER BY id DESC LIMIT $4
"""  # noqa: S608 - made of this file's own text
_OPEN_COUNT = """
SELECT count(*) FROM business_resolutions
WHERE union_id = $1 AND business_id = $2 AND passed_at IS NULL AND expires_at > $3
"""
_APPROVE = """
INSERT INTO business_approvals (union_id, business_id, resolution_id, member_id, shares, approved_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_APPROVED = """
SELECT resolution_id, member_id FROM business_approvals
WHERE union_id = $1 AND business_id = $2 AND resolution_id = ANY ($3::uuid[])
"""


def _resolution(row: Any) -> Resolution:
    return Resolution(
        row["id"],
        ResolutionKind(row["kind"]),
        row["member_id"],
        row["term_seconds"],
        row["proposed_by"],
        row["proposed_at"],
        row["expires_at"],
        row["passed_at"],
        row["passed_shares"],
    )


async def add_resolution(unit: UnitOfWork, union_id: UUID, business_id: UUID, resolution: Resolution) -> None:
    await (await unit.raw()).execute(
        _ADD,
        union_id,
        business_id,
        resolution.id,
        resolution.kind.value,
        resolution.member_id,
        resolution.term_seconds,
        resolution.proposed_by,
        resolution.proposed_at,
        resolution.expires_at,
        resolution.passed_at,
        resolution.passed_shares,
    )


async def keep_passed(unit: UnitOfWork, union_id: UUID, business_id: UUID, resolution: Resolution) -> None:
    await (await unit.raw()).execute(
        _PASS, union_id, business_id, resolution.id, resolution.passed_at, resolution.passed_shares
    )


async def find_resolution(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, resolution_id: UUID
) -> Resolution | None:
    row = await (await unit.raw()).fetchrow(_FIND, union_id, business_id, resolution_id)
    return None if row is None else _resolution(row)


async def resolutions_page(
    unit: UnitOfWork,
    union_id: UUID,
    business_id: UUID,
    before_id: UUID | None,
    limit: int,
    *,
    open_only: bool,
) -> Sequence[Resolution]:
    """The newest first."""
    rows = await (await unit.raw()).fetch(_LIST, union_id, business_id, before_id, limit, open_only, unit.now)
    return [_resolution(row) for row in rows]


async def open_resolutions(unit: UnitOfWork, union_id: UUID, business_id: UUID) -> int:
    count: int | None = await (await unit.raw()).fetchval(_OPEN_COUNT, union_id, business_id, unit.now)
    return count or 0


async def add_approval(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, resolution_id: UUID, member_id: UUID, shares: int
) -> None:
    """A repeat changes nothing."""
    raw = await unit.raw()
    await raw.execute(_APPROVE, union_id, business_id, resolution_id, member_id, shares, unit.now)


async def approvals_of(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, resolution_ids: Sequence[UUID]
) -> dict[UUID, set[UUID]]:
    """By resolution, who approved it: owners at that time, as many as there may be."""
    rows = await (await unit.raw()).fetch(_APPROVED, union_id, business_id, list(resolution_ids))
    found: dict[UUID, set[UUID]] = {one: set() for one in resolution_ids}
    for row in rows:
        found[row["resolution_id"]].add(row["member_id"])
    return found
