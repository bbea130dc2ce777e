"""Runs, their frozen lines and the lines that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.results import Result
from services.ledger.domain.rights import PrincipalKind
from services.ledger.domain.runs import Announcement, RefusedLineRule, RunLine, RunState

if TYPE_CHECKING:
    import asyncpg

_ANNOUNCE = """
INSERT INTO runs (union_id, id, principal, lines_count, lines_sha256, refused_line_rule, state, next_chunk,
                  posted_count, refused_count, version, announced_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, 'collecting', 0, 0, 0, 1, $7, $7)
ON CONFLICT (union_id, id) DO NOTHING RETURNING true
"""
_FIND = "SELECT * FROM runs WHERE union_id = $1 AND id = $2"
_LOCK = _FIND + " FOR UPDATE"
_SAVE = """
UPDATE runs SET state = $3, next_chunk = $4, posted_count = $5, refused_count = $6, version = $7,
                changed_at = $8
WHERE union_id = $1 AND id = $2
"""
_ADD_LINES = """
INSERT INTO run_lines (union_id, run_id, index, debit_account, credit_account, asset, amount_minor, code)
SELECT $1, $2, $3 + number - 1, debit_account, credit_account, asset, amount_minor, code
FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[]) WITH ORDINALITY
  AS line (debit_account, credit_account, asset, amount_minor, code, number)
"""
_LINES = """
SELECT debit_account, credit_account, asset, amount_minor, code FROM run_lines
WHERE union_id = $1 AND run_id = $2 AND index >= $3 AND index < $4 ORDER BY index
"""
_COUNT = "SELECT count(*) FROM run_lines WHERE union_id = $1 AND run_id = $2"
_REFUSE = """
INSERT INTO run_refusals (union_id, run_id, index, result)
SELECT $1, $2, index, result FROM unnest($3::integer[], $4::text[]) AS refusal (index, result)
"""
_REFUSALS = """
SELECT index, result FROM run_refusals WHERE union_id = $1 AND run_id = $2 AND index > $3
ORDER BY index LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands; `next_chunk` is the first one not yet posted."""

    union_id: UUID
    id: UUID
    principal: PrincipalKind
    announcement: Announcement
    state: RunState
    next_chunk: int
    posted_count: int
    refused_count: int
    version: int


def _run_of(row: Any) -> Run:
    return Run(
        union_id=row["union_id"],
        id=row["id"],
        principal=PrincipalKind(row["principal"]),
        announcement=Announcement(
            row["lines_count"], row["lines_sha256"], RefusedLineRule(row["refused_line_rule"])
        ),
        state=RunState(row["state"]),
        next_chunk=row["next_chunk"],
        posted_count=row["posted_count"],
        refused_count=row["refused_count"],
        version=row["version"],
    )


async def announce(
    raw: asyncpg.Connection,
    union_id: UUID,
    run_id: UUID,
    principal: PrincipalKind,
    announcement: Announcement,
    now: datetime,
) -> bool:
    """Note a run; False when its id is taken."""
    return bool(
        await raw.fetchval(
            _ANNOUNCE,
            union_id,
            run_id,
            principal.value,
            announcement.lines_count,
            announcement.lines_sha256,
            announcement.refused_line_rule.value,
            now,
        )
    )


async def find_run(raw: asyncpg.Connection, union_id: UUID, run_id: UUID) -> Run | None:
    row = await raw.fetchrow(_FIND, union_id, run_id)
    return None if row is None else _run_of(row)


async def lock_run(raw: asyncpg.Connection, union_id: UUID, run_id: UUID) -> Run | None:
    row = await raw.fetchrow(_LOCK, union_id, run_id)
    return None if row is None else _run_of(row)


async def save_run(raw: asyncpg.Connection, run: Run, now: datetime) -> None:
    await raw.execute(
        _SAVE,
        run.union_id,
        run.id,
        run.state.value,
        run.next_chunk,
        run.posted_count,
        run.refused_count,
        run.version,
        now,
    )


async def add_lines(raw: asyncpg.Connection, run: Run, first: int, lines: Sequence[RunLine]) -> None:
    """Insert lines whose indexes begin at `first`."""
    await raw.execute(
        _ADD_LINES,
        run.union_id,
        run.id,
        first,
        [line.debit_account for line in lines],
        [line.credit_account for line in lines],
        [line.asset for line in lines],
        [line.amount_minor for line in lines],
        [line.code for line in lines],
    )


async def lines_between(raw: asyncpg.Connection, run: Run, first: int, end: int) -> list[RunLine]:
    """The lines from index `first` up to, without, `end`."""
    return [RunLine(*row.values()) for row in await raw.fetch(_LINES, run.union_id, run.id, first, end)]


async def count_lines(raw: asyncpg.Connection, run: Run) -> int:
    return await raw.fetchval(_COUNT, run.union_id, run.id) or 0


async def note_refusals(raw: asyncpg.Connection, run: Run, refusals: Sequence[tuple[int, Result]]) -> None:
    if refusals:
        await raw.execute(
            _REFUSE,
            run.union_id,
            run.id,
            [index for index, _ in refusals],
            [result.value for _, result in refusals],
        )


async def refusals_after(
    raw: asyncpg.Connection, run: Run, index: int, limit: int
) -> Sequence[tuple[int, Result]]:
    """Refused lines with a larger index, in order."""
    rows = await raw.fetch(_REFUSALS, run.union_id, run.id, index, limit)
    return [(row["index"], Result(row["result"])) for row in rows]
