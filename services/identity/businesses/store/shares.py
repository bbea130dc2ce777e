"""Who has how many shares, and every change of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.shares import ShareChange, ShareWay
from services.identity.store.shown_names import shown_name

_SAVE = """
INSERT INTO business_shares (union_id, business_id, member_id, shares)
SELECT $1, $2, member_id, shares FROM unnest($3::uuid[], $4::bigint[]) AS saved (member_id, shares)
WHERE shares > 0
ON CONFLICT (union_id, business_id, member_id) DO UPDATE SET shares = excluded.shares
"""
_DROP = (
    "DELETE FROM business_shares WHERE union_id = $1 AND business_id = $2 AND member_id = ANY ($3::uuid[])"
)
_RECORD = """
INSERT INTO business_share_changes (union_id, business_id, id, from_id, to_id, shares, way, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_OWNERS = f"""
SELECT s.member_id, s.shares, m.handle, {shown_name("m", "$5")} AS name
FROM business_shares s JOIN members m ON m.id = s.member_id
WHERE s.union_id = $1 AND s.business_id = $2
ORDER BY s.member_id OFFSET $3 LIMIT $4
"""  # noqa: S608 - made of this house's own text
_CHANGES = """
SELECT id, from_id, to_id, shares, way, made_at FROM business_share_changes
WHERE union_id = $1 AND business_id = $2 AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""
_STAKES = "SELECT count(*) FROM business_shares WHERE union_id = $1 AND member_id = $2"
_NEXT_STAKE = """
SELECT s.union_id, s.business_id FROM memberships m JOIN business_shares s USING (union_id, member_id)
WHERE m.member_id = $1 ORDER BY s.union_id, s.business_id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """With the name that the reader may see."""

    member_id: UUID
    shares: int
    handle: str
    name: str


async def save_shares(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, before: Mapping[UUID, int], after: Mapping[UUID, int]
) -> None:
    """What differs; who has none any more has no row."""
    raw = await unit.raw()
    changed = {one: count for one, count in after.items() if before.get(one) != count}
    await raw.execute(_SAVE, union_id, business_id, list(changed), list(changed.values()))
    gone = [one for one in before if one not in after]
    if gone:
        await raw.execute(_DROP, union_id, business_id, gone)


async def record_changes(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, changes: Sequence[ShareChange]
) -> None:
    await (await unit.raw()).executemany(
        _RECORD,
        [
            (union_id, business_id, one.id, one.from_id, one.to_id, one.shares, one.way.value, one.made_at)
            for one in changes
        ],
    )


async def owners_page(
    unit: UnitOfWork,
    union_id: UUID,
    business_id: UUID,
    reader_id: UUID | None,
    place: int,
    limit: int,
) -> Sequence[Owner]:
    rows = await (await unit.raw()).fetch(_OWNERS, union_id, business_id, place, limit, reader_id)
    return [Owner(row["member_id"], row["shares"], row["handle"], row["name"]) for row in rows]


async def changes_page(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, before_id: UUID | None, limit: int
) -> Sequence[ShareChange]:
    """The newest first."""
    rows = await (await unit.raw()).fetch(_CHANGES, union_id, business_id, before_id, limit)
    return [
        ShareChange(
            row["id"], row["from_id"], row["to_id"], row["shares"], ShareWay(row["way"]), row["made_at"]
        )
        for row in rows
    ]


async def stakes_of(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> int:
    """In how many businesses of the union the member has shares."""
    count: int | None = await (await unit.raw()).fetchval(_STAKES, union_id, member_id)
    return count or 0


async def next_stake(unit: UnitOfWork, member_id: UUID) -> tuple[UUID, UUID] | None:
    """Union and business of one in which the member has shares; None where they have none anywhere."""
    row = await (await unit.raw()).fetchrow(_NEXT_STAKE, member_id)
    return None if row is None else (row["union_id"], row["business_id"])
