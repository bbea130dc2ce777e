"""Allotments as rows: their terms and their result, by the principal who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.results import Result
from services.ledger.store.postings import ActOfTransfer

if TYPE_CHECKING:
    import asyncpg

_FIND = """
SELECT terms, result, parts_count FROM allotments WHERE union_id = $1 AND principal_id = $2 AND id = $3
"""
_KEEP = """
INSERT INTO allotments
    (union_id, principal_id, id, terms, result, parts_count, allotted_at, device_key_id, nonce)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, slots=True)
class KeptAllotment:
    """`terms`: canonical JSON, without the memo."""

    terms: str
    result: Result
    parts_count: int


async def find_allotment(
    raw: asyncpg.Connection, union_id: UUID, principal_id: UUID, allotment_id: UUID
) -> KeptAllotment | None:
    row = await raw.fetchrow(_FIND, union_id, principal_id, allotment_id)
    return None if row is None else KeptAllotment(row["terms"], Result(row["result"]), row["parts_count"])


async def keep_allotment(
    raw: asyncpg.Connection,
    union_id: UUID,
    principal_id: UUID,
    allotment_id: UUID,
    kept: KeptAllotment,
    own_act: ActOfTransfer | None,
    now: datetime,
) -> None:
    await raw.execute(
        _KEEP,
        union_id,
        principal_id,
        allotment_id,
        kept.terms,
        kept.result.value,
        kept.parts_count,
        now,
        *(own_act or (None, None)),
    )
