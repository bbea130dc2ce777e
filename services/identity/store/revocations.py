"""The log of what has ended: one row an entry, numbered under the lock of its head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.read_pool import ReadPool
from chassis.revocations.log import RevocationKind
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import Membership

# The head stays locked until the commit: so numbers have no gap, and whoever reads one has all below it.
_RECORD = """
WITH head AS (UPDATE revocation_head SET number = number + 1 WHERE id = 1 RETURNING number)
INSERT INTO revocations (number, kind, subject, member_id, version, state, recorded_at)
SELECT number, $1, $2, $3, $4, $5, $6 FROM head
"""
_RECORD_MEMBERSHIPS = """
WITH head AS (
    UPDATE revocation_head SET number = number + cardinality($1::text[]) WHERE id = 1 RETURNING number)
INSERT INTO revocations (number, kind, subject, member_id, version, state, recorded_at)
SELECT head.number - cardinality($1::text[]) + place, 'membership', subject, member_id, version, state, $5
FROM head, unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[]) WITH ORDINALITY
    AS ended (subject, member_id, version, state, place)
"""
# Head and entries by one statement, so that both are of one moment.
_PAGE = """
SELECT head.number AS head, entry.*
FROM revocation_head head LEFT JOIN LATERAL (
    SELECT number, kind, subject, member_id, version, state, recorded_at FROM revocations
    WHERE number > $1 AND (kind IN ('membership', 'rights') OR recorded_at > $2) AND recorded_at > $3
    ORDER BY number LIMIT $4
) AS entry ON true
WHERE head.id = 1 ORDER BY entry.number
"""


@dataclass(frozen=True, slots=True)
class RecordedRevocation:
    """An entry as it was written."""

    number: int
    kind: RevocationKind
    subject: str
    member_id: UUID
    version: int
    state: str
    recorded_at: datetime


async def record_ended_session(unit: UnitOfWork, session_id: UUID, member_id: UUID) -> None:
    """Call it last: the head is locked until the commit."""
    await _record(unit, RevocationKind.SESSION, str(session_id), member_id)


async def record_revoked_key(unit: UnitOfWork, device_key_id: str, member_id: UUID) -> None:
    """Call it last: the head is locked until the commit."""
    await _record(unit, RevocationKind.DEVICE_KEY, device_key_id, member_id)


async def record_ended_memberships(unit: UnitOfWork, ended: Sequence[Membership]) -> None:
    """Many of one union in one statement. Call it last: the head is locked until the commit."""
    raw = await unit.raw()
    await raw.execute(
        _RECORD_MEMBERSHIPS,
        [str(one.union_id) for one in ended],
        [one.member_id for one in ended],
        [one.version for one in ended],
        [one.state.value for one in ended],
        unit.now,
    )


async def record_ended_rights(unit: UnitOfWork, union_id: UUID, member_id: UUID, version: int) -> None:
    """Rights by offices before this version are good no more. Call it last, as the others."""
    await _record(unit, RevocationKind.RIGHTS, str(union_id), member_id, version)


async def _record(
    unit: UnitOfWork, kind: RevocationKind, subject: str, member_id: UUID, version: int = 0, state: str = ""
) -> None:
    raw = await unit.raw()
    await raw.execute(_RECORD, kind.value, subject, member_id, version, state, unit.now)


async def read_head(pool: ReadPool) -> int:
    """The number of the newest entry."""
    number: int | None = await pool.fetchval("SELECT number FROM revocation_head WHERE id = 1")
    assert number is not None
    return number


async def read_after(
    pool: ReadPool, after: int, tokens_since: datetime, memberships_since: datetime, limit: int
) -> tuple[int, Sequence[RecordedRevocation]]:
    """The head, and the entries after a number that are not older than their kind is kept."""
    rows = await pool.fetch(_PAGE, after, tokens_since, memberships_since, limit)
    return rows[0]["head"], [
        RecordedRevocation(
            row["number"],
            RevocationKind(row["kind"]),
            row["subject"],
            row["member_id"],
            row["version"],
            row["state"],
            row["recorded_at"],
        )
        for row in rows
        if row["number"] is not None
    ]


async def forget_revocations(unit: UnitOfWork, older_than: timedelta, limit: int) -> int:
    """Drop entries that no process needs any longer, at most `limit`; returns how many."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM revocations WHERE number IN (
            SELECT number FROM revocations WHERE recorded_at <= $1 ORDER BY number LIMIT $2)
        RETURNING 1
        """,
        unit.now - older_than,
        limit,
    )
    return len(rows)
