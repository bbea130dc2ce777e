"""Offices and their versions, and the tree that a union has by now."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.offices.domain.office import Holding, Office, Rights
from services.identity.offices.domain.tree import OfficeTree

_OFFICES = """
SELECT o.id, o.parent_id, v.version, v.name, v.rights, v.term_seconds
FROM offices o CROSS JOIN LATERAL (
    SELECT version, name, rights, term_seconds FROM office_versions
    WHERE union_id = o.union_id AND office_id = o.id ORDER BY version DESC LIMIT 1) v
WHERE o.union_id = $1 AND o.ended_at IS NULL
"""
_HOLDINGS = """
SELECT h.id, h.office_id, h.member_id, h.under_id, h.appointed_by, h.begins_at, h.until, m.joined_at
FROM office_holdings h
LEFT JOIN memberships m ON m.union_id = h.union_id AND m.member_id = h.member_id AND m.state = 'active'
WHERE h.union_id = $1 AND h.ended_at IS NULL AND h.until > $2
"""
_IS_ACTIVE = "SELECT 1 FROM memberships WHERE union_id = $1 AND member_id = $2 AND state = 'active'"


async def load_tree(unit: UnitOfWork, union_id: UUID, head_id: UUID) -> OfficeTree:
    """What has not ended; settings bound how much that is."""
    raw = await unit.raw()
    offices = await raw.fetch(_OFFICES, union_id)
    holdings = await raw.fetch(_HOLDINGS, union_id, unit.now) if offices else ()
    return OfficeTree(
        head_id=head_id,
        head_is_active=await raw.fetchval(_IS_ACTIVE, union_id, head_id) is not None,
        offices={row["id"]: office_of(row) for row in offices},
        holdings={row["id"]: holding_of(row) for row in holdings},
        joined_at={row["member_id"]: row["joined_at"] for row in holdings if row["joined_at"] is not None},
    )


def office_of(row: Any) -> Office:
    return Office(
        row["id"],
        row["parent_id"],
        row["version"],
        row["name"],
        rights_of(row["rights"]),
        row["term_seconds"],
    )


def rights_of(stored: Mapping[str, str | None]) -> Rights:
    """Amounts are kept as digits: JSON of others rounds them."""
    return {Right(right): None if limit is None else int(limit) for right, limit in stored.items()}


def holding_of(row: Any) -> Holding:
    return Holding(
        row["id"],
        row["office_id"],
        row["member_id"],
        row["under_id"],
        row["appointed_by"],
        row["begins_at"],
        row["until"],
    )


async def add_office(unit: UnitOfWork, union_id: UUID, office: Office, by: UUID) -> None:
    raw = await unit.raw()
    await raw.execute(
        "INSERT INTO offices (union_id, id, parent_id, created_by, created_at) VALUES ($1, $2, $3, $4, $5)",
        union_id,
        office.id,
        office.parent_id,
        by,
        unit.now,
    )
    await add_version(unit, union_id, office, by)


async def add_version(unit: UnitOfWork, union_id: UUID, office: Office, by: UUID) -> None:
    raw = await unit.raw()
    rights = {
        right.value: None if limit is None else str(limit) for right, limit in sorted(office.rights.items())
    }
    await raw.execute(
        """
        INSERT INTO office_versions (union_id, office_id, version, name, rights, term_seconds, changed_by,
                                     changed_at)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)
        """,
        union_id,
        office.id,
        office.version,
        office.name,
        orjson.dumps(rights).decode(),
        office.term_seconds,
        by,
        unit.now,
    )


async def end_offices(unit: UnitOfWork, union_id: UUID, office_ids: Collection[UUID], by: UUID) -> None:
    raw = await unit.raw()
    await raw.execute(
        "UPDATE offices SET ended_at = $3, ended_by = $4 WHERE union_id = $1 AND id = ANY($2::uuid[])",
        union_id,
        list(office_ids),
        unit.now,
        by,
    )
