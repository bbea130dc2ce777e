"""Lists of people and their refused rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.domain.people_file import RefusedRow
from services.identity.store.row_counts import rows_of

_COLUMNS = (
    "union_id, id, made_by, by_founder, format, language, sends_email, rows_max, made_count, refused_count, "
    "created_at, expires_at, mail_due_at, ended_at"
)
_OPEN = f"""
SELECT {_COLUMNS} FROM invitation_lists
WHERE union_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id FOR UPDATE
"""  # noqa: S608 - made of this file's own text
_LIST = f"""
SELECT {_COLUMNS} FROM invitation_lists WHERE union_id = $1 AND id = $2
"""  # noqa: S608 - made of this file's own text
_LISTS = f"""
SELECT {_COLUMNS} FROM invitation_lists WHERE union_id = $1 AND ($2::uuid IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3
"""  # noqa: S608 - made of this file's own text


@dataclass(frozen=True, slots=True)
class ListFigures:
    """What has become of a list's links so far."""

    waiting_count: int
    mailed_count: int
    not_mailed_count: int
    opened_count: int
    joined_count: int


async def add_list(unit: UnitOfWork, made: InvitationList) -> None:
    values = asdict(made)
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    query = f"INSERT INTO invitation_lists ({names}) VALUES ({places})"  # noqa: S608 - names of fields
    await (await unit.raw()).execute(query, *values.values())


async def lock_open_lists(unit: UnitOfWork, union_id: UUID) -> Sequence[InvitationList]:
    """All of a union, so that nobody is invited by two lists at once."""
    rows = await (await unit.raw()).fetch(_OPEN, union_id, unit.now)
    return [_list(row) for row in rows]


async def open_lists_count(unit: UnitOfWork, union_id: UUID) -> int:
    query = (
        "SELECT count(*) FROM invitation_lists WHERE union_id = $1 AND ended_at IS NULL AND expires_at > $2"
    )
    counted: int | None = await (await unit.raw()).fetchval(query, union_id, unit.now)
    return counted or 0


async def find_list(
    unit: UnitOfWork, union_id: UUID, list_id: UUID, *, lock: bool = False
) -> InvitationList | None:
    query = f"{_LIST} FOR UPDATE" if lock else _LIST
    row = await (await unit.raw()).fetchrow(query, union_id, list_id)
    return None if row is None else _list(row)


async def lists_of(
    unit: UnitOfWork, union_id: UUID, after: UUID | None, limit: int
) -> Sequence[InvitationList]:
    """The newest first; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_LISTS, union_id, after, limit + 1)
    return [_list(row) for row in rows]


async def save_list(unit: UnitOfWork, changed: InvitationList) -> None:
    """What may change; the caller holds the row's lock."""
    await (await unit.raw()).execute(
        """
        UPDATE invitation_lists SET format = $3, made_count = $4, refused_count = $5, mail_due_at = $6,
            ended_at = $7
        WHERE union_id = $1 AND id = $2
        """,
        changed.union_id,
        changed.id,
        changed.format,
        changed.made_count,
        changed.refused_count,
        changed.mail_due_at,
        changed.ended_at,
    )


async def replace_refusals(
    unit: UnitOfWork, filled: InvitationList, lines: tuple[int, int], refused: Sequence[RefusedRow]
) -> int:
    """Those of the lines from the first to the last; returns by how many there are more than before."""
    raw = await unit.raw()
    dropped = await raw.execute(
        """
        DELETE FROM invitation_list_refusals
        WHERE union_id = $1 AND list_id = $2 AND line BETWEEN $3 AND $4
        """,
        filled.union_id,
        filled.id,
        *lines,
    )
    kept = await raw.execute(
        """
        INSERT INTO invitation_list_refusals (union_id, list_id, line, ground)
        SELECT $1, $2, * FROM unnest($3::int[], $4::text[]) ON CONFLICT DO NOTHING
        """,
        filled.union_id,
        filled.id,
        [one.line for one in refused],
        [one.ground.value for one in refused],
    )
    return rows_of(kept) - rows_of(dropped)


async def refusals_of(
    unit: UnitOfWork, union_id: UUID, list_id: UUID, after_line: int, limit: int
) -> Sequence[tuple[int, str]]:
    """Line and ground; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(
        """
        SELECT line, ground FROM invitation_list_refusals
        WHERE union_id = $1 AND list_id = $2 AND line > $3 ORDER BY line LIMIT $4
        """,
        union_id,
        list_id,
        after_line,
        limit + 1,
    )
    return [(row["line"], row["ground"]) for row in rows]


async def figures_of(unit: UnitOfWork, union_id: UUID, list_id: UUID) -> ListFigures:
    row = await (await unit.raw()).fetchrow(
        """
        SELECT count(*) FILTER (WHERE mail_due_at IS NOT NULL), count(mailed_at),
               count(*) FILTER (WHERE mail_fault IS NOT NULL AND mail_due_at IS NULL AND mailed_at IS NULL),
               count(opened_at), count(joined_at)
        FROM invitees WHERE union_id = $1 AND list_id = $2
        """,
        union_id,
        list_id,
    )
    assert row is not None
    return ListFigures(*row.values())


def _list(row: asyncpg.Record) -> InvitationList:
    return InvitationList(**dict(row))
