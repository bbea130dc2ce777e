"""Device keys whose certificates the ledger has verified itself, pinned for as long as these hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    import asyncpg

_FIND = """
SELECT member_id, public_key, valid_from, valid_until, pinned_at, wallet_address
FROM device_keys WHERE id = $1
"""
_PIN = """
INSERT INTO device_keys (id, valid_until, valid_from, member_id, public_key, wallet_address,
                         certificate_message, certificate_signature, pinned_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A device key of a member for the time of one certificate; `public_key` is 32 bytes of Ed25519.

    `wallet_address`: which wallet made the certificate; None where a passkey did.
    """

    key_id: str
    member_id: UUID
    public_key: bytes
    valid_from: datetime
    valid_until: datetime
    pinned_at: datetime
    wallet_address: str | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What proves a pinned key: what a wallet or a passkey signed, and its signature."""

    message: str
    signature: str


async def find_pinned_keys(raw: asyncpg.Connection, key_id: str) -> list[PinnedKey]:
    """The key, once for each certificate that was verified for it."""
    return [PinnedKey(key_id, *row.values()) for row in await raw.fetch(_FIND, key_id)]


async def pin_key(raw: asyncpg.Connection, key: PinnedKey, certificate: Certificate, now: datetime) -> None:
    await raw.execute(
        _PIN,
        key.key_id,
        key.valid_until,
        key.valid_from,
        key.member_id,
        key.public_key,
        key.wallet_address,
        certificate.message,
        certificate.signature,
        now,
    )
