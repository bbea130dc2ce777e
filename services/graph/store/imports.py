"""Imports of who follows whom, as they were judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

if TYPE_CHECKING:
    import asyncpg

_PUT = """
INSERT INTO backlink_imports (union_id, import_id, founder_id, rows_count, proposed_count, refused_counts,
                              examples, imported_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9)
"""
_FIND = """
SELECT import_id, founder_id, rows_count, proposed_count, refused_counts, examples, imported_at, expires_at
FROM backlink_imports WHERE union_id = $1 AND import_id = $2
"""


@dataclass(frozen=True, slots=True)
class BacklinkImport:
    """`refused_counts` by reason; `examples` are {row, supporter_id, leader_id, reason}."""

    import_id: UUID
    founder_id: UUID
    rows_count: int
    proposed_count: int
    refused_counts: dict[str, int]
    examples: list[dict[str, Any]]
    imported_at: datetime
    expires_at: datetime


async def put_import(raw: asyncpg.Connection, union_id: UUID, made: BacklinkImport) -> None:
    await raw.execute(
        _PUT,
        union_id,
        made.import_id,
        made.founder_id,
        made.rows_count,
        made.proposed_count,
        orjson.dumps(made.refused_counts).decode(),
        orjson.dumps(made.examples).decode(),
        made.imported_at,
        made.expires_at,
    )


async def find_import(raw: asyncpg.Connection, union_id: UUID, import_id: UUID) -> BacklinkImport | None:
    row = await raw.fetchrow(_FIND, union_id, import_id)
    if row is None:
        return None
    return BacklinkImport(
        row["import_id"],
        row["founder_id"],
        row["rows_count"],
        row["proposed_count"],
        row["refused_counts"],
        row["examples"],
        row["imported_at"],
        row["expires_at"],
    )
