"""A service's list of what it gives out of one member, and of every other table why nothing is."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork

ROWS_AT_A_TIME = 50
OWN_ACTS = """
signed_acts: SELECT device_key_id, nonce, created, method, target_uri, content_digest, idempotency_key,
    signature_input, signature, encode(body, 'base64') AS body, stored_at
    FROM signed_acts WHERE member_id = $1 ORDER BY stored_at, device_key_id, nonce
"""


@dataclass(frozen=True, slots=True)
class MemberExport:
    """`parts`: by table the query whose rows are given, `$1` being the member. `left_out`: of which none are,
    and why. A test holds both against the tables that there are."""

    parts: Mapping[str, str]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExportedPart:
    """The rows of a table, and whether there are more of them."""

    table: str
    rows: list[dict[str, Any]]
    is_cut: bool


def queries(text: str) -> Mapping[str, str]:
    """Of entries `table: SELECT ...`, each from the beginning of a line."""
    return dict(entry.split(": ", 1) for entry in re.split(r"\n(?=\w)", text.strip()))


async def exported_rows(
    unit: UnitOfWork, part: str, member_id: UUID, limit: int
) -> AsyncGenerator[dict[str, Any]]:
    """The rows of a part, at most `limit`, for a unit that has a transaction; so few at a time that rows of
    any size fit the memory."""
    raw = await unit.raw()
    async for row in raw.cursor(_rows_of(part), member_id, limit, prefetch=ROWS_AT_A_TIME):
        yield _plain(row["row"])


async def exported_part(
    unit: UnitOfWork, exported: MemberExport, table: str, member_id: UUID, rows_max: int
) -> ExportedPart:
    rows = await (await unit.raw()).fetch(_rows_of(exported.parts[table]), member_id, rows_max + 1)
    return ExportedPart(table, [_plain(row["row"]) for row in rows[:rows_max]], len(rows) > rows_max)


def _rows_of(part: str) -> str:
    """The statement: `$1` the member, `$2` at most so many rows."""
    return f"SELECT row_to_json(one) AS row FROM ({part} LIMIT $2) AS one"  # noqa: S608 - a part is the code's own


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Amounts as digits: a reader in JavaScript rounds integers above 2^53."""
    return {
        name: str(value) if name.endswith("_minor") and isinstance(value, int) else value
        for name, value in row.items()
    }
