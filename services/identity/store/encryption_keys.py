"""Encryption keys, and the signed acts by which their members set them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork

_ADD = """
INSERT INTO encryption_keys (member_id, version, public_key, device_key_id, nonce, set_at)
SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 FROM encryption_keys WHERE member_id = $1
"""
_NEWEST = """
SELECT public_key, set_at, device_key_id, nonce FROM encryption_keys
WHERE member_id = $1 ORDER BY version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SetKey:
    """A member's key; device and nonce name the signed act that set it."""

    public_key: bytes
    set_at: datetime
    device_key_id: str
    nonce: str


async def add_encryption_key(
    unit: UnitOfWork, member_id: UUID, public_key: bytes | None, device_key_id: str, nonce: str
) -> None:
    """From here on it is this one; None: there is none. The caller holds the member."""
    raw = await unit.raw()
    await raw.execute(_ADD, member_id, public_key, device_key_id, nonce, unit.now)


async def newest_encryption_key(unit: UnitOfWork, member_id: UUID) -> SetKey | None:
    row = await (await unit.raw()).fetchrow(_NEWEST, member_id)
    if row is None or row["public_key"] is None:
        return None
    return SetKey(**{name: row[name] for name in SetKey.__dataclass_fields__})
