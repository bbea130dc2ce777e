"""The devices of a member: their keys that are good, and the sessions that they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Device:
    """A device key; `last_seen_at` is when a session of it was begun or last refreshed."""

    key_id: str
    name: str
    certified_at: datetime
    last_seen_at: datetime | None
    sessions_count: int
    revoked_at: datetime | None


async def devices_of(
    unit: UnitOfWork, member_id: UUID, limit: int, *, revoked: bool = False
) -> Sequence[Device]:
    """Those that may sign, or those that may no more. Those that were certified last come first."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        SELECT keys.id, keys.name, keys.certified_at, keys.revoked_at,
               max(greatest(sessions.created_at, tokens.rotated_at)) AS last_seen_at,
               count(DISTINCT sessions.id)
                   FILTER (WHERE sessions.ended_at IS NULL AND sessions.expires_at > $2) AS sessions_count
        FROM device_keys AS keys
        LEFT JOIN sessions ON sessions.device_key_id = keys.id
        LEFT JOIN refresh_tokens AS tokens ON tokens.session_id = sessions.id
        WHERE keys.member_id = $1 AND (keys.revoked_at IS NOT NULL) = $4
        GROUP BY keys.id ORDER BY keys.certified_at DESC, keys.id LIMIT $3
        """,
        member_id,
        unit.now,
        limit,
        revoked,
    )
    return [
        Device(
            row["id"],
            row["name"],
            row["certified_at"],
            row["last_seen_at"],
            row["sessions_count"],
            row["revoked_at"],
        )
        for row in rows
    ]


async def is_device_of(unit: UnitOfWork, device_key_id: str, member_id: UUID) -> bool:
    """Also of one that is revoked."""
    raw = await unit.raw()
    query = "SELECT 1 FROM device_keys WHERE id = $1 AND member_id = $2"
    return await raw.fetchval(query, device_key_id, member_id) is not None


async def name_device(unit: UnitOfWork, device_key_id: str, member_id: UUID, name: str) -> bool:
    """False where the member has no such device."""
    query = "UPDATE device_keys SET name = $3 WHERE id = $1 AND member_id = $2"
    return await (await unit.raw()).execute(query, device_key_id, member_id, name) == "UPDATE 1"


async def revoke_devices(
    unit: UnitOfWork, member_id: UUID, *, only: str | None = None, but: str | None = None
) -> Sequence[str]:
    """Revoke device keys, `only` this one or all `but` one, and end their sessions; returns which ones."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        WITH revoked AS (
            UPDATE device_keys SET revoked_at = $2
            WHERE member_id = $1 AND revoked_at IS NULL AND ($3::text IS NULL OR id = $3)
              AND ($4::text IS NULL OR id <> $4)
            RETURNING id),
        ended AS (
            UPDATE sessions SET ended_at = $2, ended_because = 'device_revoked'
            FROM revoked WHERE sessions.device_key_id = revoked.id AND ended_at IS NULL)
        SELECT id FROM revoked ORDER BY id
        """,
        member_id,
        unit.now,
        only,
        but,
    )
    return [row["id"] for row in rows]
