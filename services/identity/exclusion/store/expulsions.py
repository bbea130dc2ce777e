"""Expulsions as rows."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.exclusion.domain.expulsion import Decision, Expulsion, ExpulsionState

_ONE = "SELECT * FROM expulsions WHERE union_id = $1 AND id = $2"
_OPEN = """
SELECT * FROM expulsions
WHERE union_id = $1 AND member_id = $2
    AND (state = 'appealed' OR state = 'proposed' AND decide_by > $3)
LIMIT 1
"""
_LISTED = """
SELECT * FROM expulsions
WHERE union_id = $1 AND ($2::uuid IS NULL OR member_id = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""
_SAVE = """
INSERT INTO expulsions (union_id, id, member_id, proposed_by, ground, proposed_at, hearing_until, decide_by,
    state, statement, decided_by, reasons, decided_at, left_before, appeal_until, appeal, appeal_decided_by,
    appeal_reasons, appeal_decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (union_id, id) DO UPDATE SET decide_by = excluded.decide_by, state = excluded.state,
    statement = excluded.statement, decided_by = excluded.decided_by, reasons = excluded.reasons,
    decided_at = excluded.decided_at, left_before = excluded.left_before,
    appeal_until = excluded.appeal_until, appeal = excluded.appeal,
    appeal_decided_by = excluded.appeal_decided_by, appeal_reasons = excluded.appeal_reasons,
    appeal_decided_at = excluded.appeal_decided_at
"""


def _decision(row: asyncpg.Record, by: str, reasons: str, at: str) -> Decision | None:
    return None if row[by] is None else Decision(row[by], row[reasons], row[at])


def _expulsion(row: asyncpg.Record) -> Expulsion:
    return Expulsion(
        union_id=row["union_id"],
        id=row["id"],
        member_id=row["member_id"],
        proposed_by=row["proposed_by"],
        ground=row["ground"],
        proposed_at=row["proposed_at"],
        hearing_until=row["hearing_until"],
        decide_by=row["decide_by"],
        state=ExpulsionState(row["state"]),
        statement=row["statement"],
        decision=_decision(row, "decided_by", "reasons", "decided_at"),
        left_before=row["left_before"],
        appeal_until=row["appeal_until"],
        appeal=row["appeal"],
        appeal_decision=_decision(row, "appeal_decided_by", "appeal_reasons", "appeal_decided_at"),
    )


async def save_expulsion(unit: UnitOfWork, case: Expulsion) -> None:
    """A new case, or what became of one that the caller has locked."""
    decision, second = case.decision, case.appeal_decision
    await (await unit.raw()).execute(
        _SAVE,
        case.union_id,
        case.id,
        case.member_id,
        case.proposed_by,
        case.ground,
        case.proposed_at,
        case.hearing_until,
        case.decide_by,
        case.state.value,
        case.statement,
        decision and decision.by,
        decision and decision.reasons,
        decision and decision.at,
        case.left_before,
        case.appeal_until,
        case.appeal,
        second and second.by,
        second and second.reasons,
        second and second.at,
    )


async def find_expulsion(
    unit: UnitOfWork, union_id: UUID, expulsion_id: UUID, *, lock: bool = False
) -> Expulsion | None:
    """As it stands now."""
    raw = await unit.raw()
    row = await raw.fetchrow(f"{_ONE} FOR UPDATE" if lock else _ONE, union_id, expulsion_id)
    return None if row is None else _expulsion(row).at(unit.now)


async def open_expulsion(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> Expulsion | None:
    row = await (await unit.raw()).fetchrow(_OPEN, union_id, member_id, unit.now)
    return None if row is None else _expulsion(row)


async def list_expulsions(
    unit: UnitOfWork, union_id: UUID, member_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Expulsion]:
    """The newest first, of one member or of all; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_LISTED, union_id, member_id, before, limit + 1)
    return [_expulsion(row).at(unit.now) for row in rows]
