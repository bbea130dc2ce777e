"""What services were told of members' rights, so that only changes are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

from chassis.rights.grants import Grant
from chassis.rights.projection import grants_of_event
from chassis.unit_of_work import UnitOfWork
from events.identity import OfficeGrantState


@dataclass(frozen=True, slots=True)
class ToldGrants:
    """The newest of a member; version 0: nothing ever."""

    version: int
    grants: tuple[Grant, ...]


async def told_grants(unit: UnitOfWork, union_id: UUID) -> Mapping[UUID, ToldGrants]:
    """Of every member who was told to hold any."""
    raw = await unit.raw()
    rows = await raw.fetch(
        "SELECT member_id, version, grants FROM office_grants WHERE union_id = $1 AND grants <> '[]'::jsonb",
        union_id,
    )
    return {
        row["member_id"]: _told(union_id, row["member_id"], row["version"], row["grants"]) for row in rows
    }


async def told_of(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> ToldGrants:
    raw = await unit.raw()
    row = await raw.fetchrow(
        "SELECT version, grants FROM office_grants WHERE union_id = $1 AND member_id = $2",
        union_id,
        member_id,
    )
    return ToldGrants(0, ()) if row is None else _told(union_id, member_id, row["version"], row["grants"])


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
        orjson.dumps(event.model_dump(mode="json")["grants"]).decode(),
    )


def _told(union_id: UUID, member_id: UUID, version: int, grants: object) -> ToldGrants:
    event = OfficeGrantState.model_validate(
        {"union_id": union_id, "member_id": member_id, "version": version, "grants": grants}
    )
    return ToldGrants(version, grants_of_event(event))
