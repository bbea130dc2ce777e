"""Schedules as rows: their terms never change, how far they have come stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.schedules import Every, Schedule, ScheduleProgress

if TYPE_CHECKING:
    import asyncpg

    from services.ledger.store.postings import ActOfTransfer

_KEEP = """
WITH terms AS (
    INSERT INTO schedules (union_id, debit_number, id, credit_number, amount_minor, first_at, every, zone,
                           times, given_at, device_key_id, nonce)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, $13)
)
INSERT INTO schedule_progress (union_id, debit_number, schedule_id, memo, next_number, posted_count,
                               refused_count, version)
VALUES ($1, $2, $3, $10, 0, 0, 0, 1)
"""
_SAVE = """
UPDATE schedule_progress SET next_number = $4, posted_count = $5, refused_count = $6, stopped_at = $7,
                             version = $8
WHERE union_id = $1 AND debit_number = $2 AND schedule_id = $3
"""
_LINES = """
SELECT s.id, d.id AS debit_account, c.id AS credit_account, s.amount_minor, s.first_at, s.every, s.zone,
       s.times, p.memo, s.given_at, s.debit_number, d.owner_id AS payer_id, c.owner_id AS payee_id, d.asset,
       p.next_number, p.posted_count, p.refused_count, p.stopped_at, p.version
FROM schedules s
JOIN schedule_progress p
  ON p.union_id = s.union_id AND p.debit_number = s.debit_number AND p.schedule_id = s.id
JOIN accounts d ON d.union_id = s.union_id AND d.number = s.debit_number
JOIN accounts c ON c.union_id = s.union_id AND c.number = s.credit_number
WHERE s.union_id = $1 AND {which}
"""
_ONE = _LINES.format(which="d.id = $2 AND s.id = $3")
_GIVEN = _LINES.format(which="s.debit_number = $2 AND p.stopped_at IS NULL")
_PAGE = _LINES.format(
    which="s.debit_number = $2 AND (s.given_at, s.id) < ($3, $4) ORDER BY s.given_at DESC, s.id DESC LIMIT $5"
)


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A schedule with how far it has come."""

    schedule: Schedule
    progress: ScheduleProgress
    debit_number: int
    payer_id: UUID
    payee_id: UUID | None
    asset: str
    memo: str | None
    given_at: datetime


async def keep_schedule(
    raw: asyncpg.Connection, union_id: UUID, line: ScheduleLine, credit_number: int, act: ActOfTransfer
) -> None:
    """A new one; its id is free on its debit account."""
    schedule = line.schedule
    await raw.execute(
        _KEEP,
        union_id,
        line.debit_number,
        schedule.id,
        credit_number,
        schedule.amount_minor,
        schedule.first_at,
        schedule.every.value,
        schedule.zone,
        schedule.times,
        line.memo,
        line.given_at,
        *act,
    )


async def save_progress(raw: asyncpg.Connection, union_id: UUID, line: ScheduleLine) -> None:
    progress = line.progress
    await raw.execute(
        _SAVE,
        union_id,
        line.debit_number,
        line.schedule.id,
        progress.next_number,
        progress.posted_count,
        progress.refused_count,
        progress.stopped_at,
        progress.version,
    )


async def find_schedule(
    raw: asyncpg.Connection, union_id: UUID, debit_account: UUID, schedule_id: UUID
) -> ScheduleLine | None:
    row = await raw.fetchrow(_ONE, union_id, debit_account, schedule_id)
    return None if row is None else _line_of(row)


async def not_stopped(raw: asyncpg.Connection, union_id: UUID, debit_number: int) -> list[ScheduleLine]:
    """Those of the account that were not stopped; some may be done."""
    return [_line_of(row) for row in await raw.fetch(_GIVEN, union_id, debit_number)]


async def schedules_page(
    raw: asyncpg.Connection, union_id: UUID, debit_number: int, before: tuple[datetime, UUID], limit: int
) -> Sequence[ScheduleLine]:
    """Those of the account, the newest first."""
    return [_line_of(row) for row in await raw.fetch(_PAGE, union_id, debit_number, *before, limit)]


def _line_of(row: Any) -> ScheduleLine:
    return ScheduleLine(
        Schedule(
            id=row["id"],
            debit_account=row["debit_account"],
            credit_account=row["credit_account"],
            amount_minor=row["amount_minor"],
            first_at=row["first_at"],
            every=Every(row["every"]),
            zone=row["zone"],
            times=row["times"],
        ),
        ScheduleProgress(
            next_number=row["next_number"],
            posted_count=row["posted_count"],
            refused_count=row["refused_count"],
            stopped_at=row["stopped_at"],
            version=row["version"],
        ),
        debit_number=row["debit_number"],
        payer_id=row["payer_id"],
        payee_id=row["payee_id"],
        asset=row["asset"],
        memo=row["memo"],
        given_at=row["given_at"],
    )
