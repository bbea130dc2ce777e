"""What services were told of members' rights in a business, so that only changes are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from chassis.rights.grants import Grant
from chassis.unit_of_work import UnitOfWork
from events.identity import BusinessGrantState

_GRANTS = TypeAdapter(tuple[Grant, ...])
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


@dataclass(frozen=True, slots=True)
class Told:
    """The newest of a member; version 0: nothing ever."""

    version: int = 0
    grants: tuple[Grant, ...] = ()


async def told_grants(
    unit: UnitOfWork, union_id: UUID, business_id: UUID, member_ids: Sequence[UUID]
) -> Mapping[UUID, Told]:
    """Of these, and of every member who was told to hold any."""
    rows = await (await unit.raw()).fetch(_TOLD, union_id, business_id, list(member_ids))
    return {row["member_id"]: Told(row["version"], _GRANTS.validate_python(row["grants"])) for row in rows}


async def keep_told(unit: UnitOfWork, event: BusinessGrantState) -> None:
    await (await unit.raw()).execute(
        _KEEP,
        event.union_id,
        event.business_id,
        event.member_id,
        event.version,
        orjson.dumps(event.model_dump(mode="json")["grants"]).decode(),
    )
