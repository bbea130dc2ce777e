"""Keeps the projection: the newest version of each member's grants, whoever told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from chassis.rights.grants import Charge, Grant
from events.identity import OfficeGrantState

if TYPE_CHECKING:
    import asyncpg

    from chassis.consumers import Consumers
    from chassis.read_pool import ReadPool
    from chassis.unit_of_work import UnitOfWork

_KEEP = """
INSERT INTO office_grants (union_id, member_id, version, grants) VALUES ($1, $2, $3, $4::jsonb)
ON CONFLICT (union_id, member_id) DO UPDATE SET version = excluded.version, grants = excluded.grants
WHERE office_grants.version < excluded.version
"""
_FIND = "SELECT version, grants FROM office_grants WHERE union_id = $1 AND member_id = $2"
_GRANTS = TypeAdapter(tuple[Grant, ...])


async def keep_grants(raw: asyncpg.Connection, event: OfficeGrantState) -> None:
    """Keep the newest version."""
    grants = event.model_dump(mode="json")["grants"]
    await raw.execute(_KEEP, event.union_id, event.member_id, event.version, orjson.dumps(grants).decode())


async def find_grants(
    raw: asyncpg.Connection | ReadPool, union_id: UUID, member_id: UUID
) -> tuple[int, tuple[Grant, ...]]:
    """Version and grants of a member; 0 and none where nothing was ever told of them."""
    row = await raw.fetchrow(_FIND, union_id, member_id)
    return (0, ()) if row is None else (row["version"], _GRANTS.validate_python(row["grants"]))


def grants_of_event(event: OfficeGrantState) -> tuple[Grant, ...]:
    """As identity tells them."""
    return tuple(
        Grant(
            grant.right,
            grant.holding_id,
            grant.until,
            tuple(Charge(one.holding_id, one.limit_minor) for one in grant.charges),
        )
        for grant in event.grants
    )


def project_rights(consumers: Consumers) -> None:
    """Have a service's consumers keep the projection."""

    @consumers.on(OfficeGrantState)
    async def on_grants(unit: UnitOfWork, event: OfficeGrantState) -> None:
        await keep_grants(await unit.raw(), event)
