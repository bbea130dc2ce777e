"""Freezes as rows: each stays, the balance's row has the newest one's end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.freezes import Freeze
from services.ledger.store.postings import ActOfTransfer

if TYPE_CHECKING:
    import asyncpg

_NEWEST = """
SELECT number, at, until, reason, officer_id FROM account_freezes
WHERE union_id = $1 AND account_number = $2 ORDER BY number DESC LIMIT 1
"""
_KEEP = """
WITH kept AS (
    INSERT INTO account_freezes
        (union_id, account_number, number, at, until, reason, officer_id, device_key_id, nonce)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)
UPDATE account_balances SET frozen_until = $5 WHERE union_id = $1 AND number = $2
"""


async def newest_freeze(raw: asyncpg.Connection, union_id: UUID, account_number: int) -> Freeze | None:
    row = await raw.fetchrow(_NEWEST, union_id, account_number)
    return None if row is None else Freeze(*row)


async def keep_freeze(
    raw: asyncpg.Connection, union_id: UUID, account_number: int, freeze: Freeze, act: ActOfTransfer
) -> None:
    """Under the journal's lock: what is posted next sees it."""
    await raw.execute(
        _KEEP,
        union_id,
        account_number,
        freeze.number,
        freeze.at,
        freeze.until,
        freeze.reason,
        freeze.officer_id,
        *act,
    )
