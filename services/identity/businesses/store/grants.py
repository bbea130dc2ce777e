"""What services were told of members' rights in a business, so that only changes are told."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.rights.projection import written_grants
from chassis.unit_of_work import UnitOfWork
from events.identity import BusinessGrantState
from services.identity.store.told_grants import Told

_KEEP = """
INSERT INTO business_grants (union_id, business_id, member_id, version, grants)
VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (union_id, business_id, member_id)
    DO UPDATE SET version = excluded.version, grants = excluded.grants
"""
_TOLD = """
SELECT member_id, version, grants FROM business_grants
WHERE union_id = $1 AND business_id = $2 AND (member_id = ANY ($3::uuid[]) OR grants <> '[]'::jsonb)
"""


async def told_grants(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, member_ids: Sequence[UUID]
) -> Mapping[UUID, Told]:
    """Of these, and of every member who was told to hold any."""
    rows = await (await unit.raw()).fetch(_TOLD, union_id, business_id, list(member_ids))
    return {row["member_id"]: Told.of(row) for row in rows}


async def keep_told(unit: UnitOfWork, event: BusinessGrantState) -> None:
    await (await unit.raw()).execute(
        _KEEP,
        event.union_id,
        event.business_id,
        event.member_id,
        event.version,
        written_grants(event),
    )
