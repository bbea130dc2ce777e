"""Applications, the questions that they answer, and how many are admitted in a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg
import orjson

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.application import Answer, Application, ApplicationState
from services.identity.store.row_counts import rows_of
from services.identity.store.shown_names import shown_name

PLACE_MAX = 10_000
"""A place further behind is told as this one."""

_COLUMNS = (
    "id, union_id, applicant_id, state, answers, charter_version, charter_hash, applied_at, decided_by, "
    "decided_at, ground, appeal, appealed_at, waiting_since, joined_at"
)
_ADD = f"""
INSERT INTO applications ({_COLUMNS}) VALUES ({", ".join(f"${number}" for number in range(1, 16))})
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of this file's own text
_ONE = f"""
SELECT {_COLUMNS} FROM applications WHERE union_id = $1 AND id = $2 FOR UPDATE
"""  # noqa: S608 - made of this file's own text
_LAST = f"""
SELECT {_COLUMNS} FROM applications WHERE union_id = $1 AND applicant_id = $2 ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - made of this file's own text
_IN_STATE = f"""
SELECT {", ".join(f"a.{name}" for name in _COLUMNS.split(", "))}, m.handle,
       {shown_name("m", "$5")} AS name
FROM applications a JOIN members m ON m.id = a.applicant_id
WHERE a.union_id = $1 AND a.state = $2 AND ($3::uuid IS NULL OR a.id > $3) ORDER BY a.id LIMIT $4
"""  # noqa: S608 - made of this house's own text
_NEXT = f"""
SELECT {_COLUMNS} FROM applications WHERE union_id = $1 AND state = 'waiting'
ORDER BY waiting_since, id LIMIT $2 FOR UPDATE
"""  # noqa: S608 - made of this file's own text
_WITHDRAW = """
UPDATE applications SET state = 'withdrawn', waiting_since = NULL, decided_at = $3
WHERE (union_id, id) IN (
    SELECT union_id, id FROM applications
    WHERE union_id = $1 AND applicant_id = ANY($2::uuid[])
      AND (state IN ('applied', 'waiting') OR state = 'admitted' AND joined_at IS NULL)
    ORDER BY id FOR UPDATE)
"""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application with who asks."""

    application: Application
    handle: str
    name: str


async def questions_of(unit: UnitOfWork, union_id: UUID) -> tuple[str, ...]:
    query = "SELECT questions FROM admission_questions WHERE union_id = $1"
    found: list[str] | None = await (await unit.raw()).fetchval(query, union_id)
    return () if found is None else tuple(found)


async def set_questions(unit: UnitOfWork, union_id: UUID, member_id: UUID, questions: Sequence[str]) -> None:
    await (await unit.raw()).execute(
        """
        INSERT INTO admission_questions (union_id, questions, set_by, set_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (union_id) DO UPDATE SET questions = excluded.questions, set_by = excluded.set_by,
            set_at = excluded.set_at
        """,
        union_id,
        orjson.dumps(questions).decode(),
        member_id,
        unit.now,
    )


async def add_application(unit: UnitOfWork, made: Application) -> bool:
    """False where another one of theirs is open."""
    status = await (await unit.raw()).execute(
        _ADD,
        made.id,
        made.union_id,
        made.applicant_id,
        made.state.value,
        _json(made.answers),
        made.charter_version,
        made.charter_hash,
        made.applied_at,
        made.decided_by,
        made.decided_at,
        made.ground,
        made.appeal,
        made.appealed_at,
        made.waiting_since,
        made.joined_at,
    )
    return status == "INSERT 0 1"


async def lock_application(unit: UnitOfWork, union_id: UUID, application_id: UUID) -> Application | None:
    row = await (await unit.raw()).fetchrow(_ONE, union_id, application_id)
    return None if row is None else _application(row)


async def last_application(
    unit: UnitOfWork, union_id: UUID, applicant_id: UUID, *, lock: bool = False
) -> Application | None:
    query = f"{_LAST} FOR UPDATE" if lock else _LAST
    row = await (await unit.raw()).fetchrow(query, union_id, applicant_id)
    return None if row is None else _application(row)


async def applications_in(
    unit: UnitOfWork,
    union_id: UUID,
    reader_id: UUID,
    state: ApplicationState,
    after: UUID | None,
    limit: int,
) -> Sequence[Applicant]:
    """The oldest first, with names as the reader sees them; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_IN_STATE, union_id, state.value, after, limit + 1, reader_id)
    return [Applicant(_application(row), row["handle"], row["name"]) for row in rows]


async def next_waiting(unit: UnitOfWork, union_id: UUID, limit: int) -> Sequence[Application]:
    return [_application(row) for row in await (await unit.raw()).fetch(_NEXT, union_id, limit)]


async def has_waiting(unit: UnitOfWork, union_id: UUID) -> bool:
    query = "SELECT EXISTS (SELECT FROM applications WHERE union_id = $1 AND state = 'waiting')"
    return bool(await (await unit.raw()).fetchval(query, union_id))


async def place_of(unit: UnitOfWork, application: Application) -> int | None:
    """On the waiting list, from 1, at most PLACE_MAX; None for who is not on it."""
    if application.waiting_since is None:
        return None
    ahead: int | None = await (await unit.raw()).fetchval(
        """
        SELECT count(*) FROM (
            SELECT FROM applications
            WHERE union_id = $1 AND state = 'waiting' AND (waiting_since, id) < ($2, $3) LIMIT $4) AS ahead
        """,
        application.union_id,
        application.waiting_since,
        application.id,
        PLACE_MAX - 1,
    )
    return (ahead or 0) + 1


async def save_application(unit: UnitOfWork, changed: Application) -> None:
    """What may change; the caller holds the row's lock."""
    await (await unit.raw()).execute(
        """
        UPDATE applications SET state = $3, decided_by = $4, decided_at = $5, ground = $6, appeal = $7,
            appealed_at = $8, waiting_since = $9, joined_at = $10
        WHERE union_id = $1 AND id = $2
        """,
        changed.union_id,
        changed.id,
        changed.state.value,
        changed.decided_by,
        changed.decided_at,
        changed.ground,
        changed.appeal,
        changed.appealed_at,
        changed.waiting_since,
        changed.joined_at,
    )


async def withdraw_open(unit: UnitOfWork, union_id: UUID, applicant_ids: Sequence[UUID]) -> None:
    """Whatever of theirs leads to a membership still."""
    await (await unit.raw()).execute(_WITHDRAW, union_id, applicant_ids, unit.now)


async def count_admission(unit: UnitOfWork, union_id: UUID, day: date, limit: int) -> bool:
    """One more of a day; False where the day is full. `limit` 0: no limit."""
    counted: int | None = await (await unit.raw()).fetchval(
        """
        INSERT INTO admission_days AS present (union_id, day, admitted_count) VALUES ($1, $2, 1)
        ON CONFLICT (union_id, day) DO UPDATE SET admitted_count = present.admitted_count + 1
        WHERE present.admitted_count < $3 OR $3 = 0
        RETURNING admitted_count
        """,
        union_id,
        day,
        limit,
    )
    return counted is not None


async def forget_answers(unit: UnitOfWork, decided_before: datetime, limit: int) -> int:
    """Of applications that are decided for good; returns how many."""
    status = await (await unit.raw()).execute(
        """
        UPDATE applications SET answers = NULL, ground = NULL, appeal = NULL
        WHERE (union_id, id) IN (
            SELECT union_id, id FROM applications
            WHERE answers IS NOT NULL AND decided_at < $1 AND state IN ('admitted', 'refused', 'withdrawn')
            ORDER BY decided_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        decided_before,
        limit,
    )
    return rows_of(status)


def _application(row: asyncpg.Record) -> Application:
    values = {name: row[name] for name in _COLUMNS.split(", ")}
    values["state"] = ApplicationState(row["state"])
    if row["answers"] is not None:
        values["answers"] = tuple(Answer(**one) for one in row["answers"])
    return Application(**values)


def _json(answers: Sequence[Answer] | None) -> str | None:
    return None if answers is None else orjson.dumps(list(answers)).decode()
