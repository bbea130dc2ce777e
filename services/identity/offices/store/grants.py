"""What services were told of members' rights, so that only changes are told."""

from collections.abc import Mapping
from uuid import UUID

from chassis.rights.projection import written_grants
from chassis.unit_of_work import UnitOfWork
from events.identity import OfficeGrantState
from services.identity.store.told_grants import Told


async def told_grants(unit: UnitOfWork, union_id: UUID) -> Mapping[UUID, Told]:
    """Of every member who was told to hold any."""
    raw = await unit.raw()
    rows = await raw.fetch(
        "SELECT member_id, version, grants FROM office_grants WHERE union_id = $1 AND grants <> '[]'::jsonb",
        union_id,
    )
    return {row["member_id"]: Told.of(row) for row in rows}


async def told_of(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> Told:
    raw = await unit.raw()
    row = await raw.fetchrow(
        "SELECT version, grants FROM office_grants WHERE union_id = $1 AND member_id = $2",
        union_id,
        member_id,
    )
    return Told.of(row)


async def keep_told(unit: UnitOfWork, event: OfficeGrantState) -> None:
    raw = await unit.raw()
    await raw.execute(
        """
        INSERT INTO office_grants (union_id, member_id, version, grants) VALUES ($1, $2, $3, $4::jsonb)
        ON CONFLICT (union_id, member_id) DO UPDATE SET version = excluded.version, grants = excluded.grants
        """,
        event.union_id,
        event.member_id,
        event.version,
        written_grants(event),
    )
