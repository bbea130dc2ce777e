"""Who is invited by a list: a row for each personal link."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.invitation_list import InvitationList, Known, NewInvitee
from services.identity.store.row_counts import rows_of
from services.identity.store.shown_names import shown_name

_KNOWN = """
SELECT invitation_id, list_id, line, row_key, joined_at IS NOT NULL AS has_joined FROM invitees
WHERE union_id = $1 AND row_key = ANY($2)
UNION ALL
SELECT invitation_id, list_id, line, row_key, joined_at IS NOT NULL FROM invitees
WHERE union_id = $1 AND list_id = $3 AND line = ANY($4) AND (row_key IS NULL OR row_key <> ALL($2))
"""
_ADD_INVITATIONS = """
INSERT INTO invitations (union_id, id, code_hash, invited_by, by_founder, uses_max, created_at, expires_at,
                         list_id)
SELECT $1, id, code_hash, $2, $3, 1, $4, $5, $6 FROM unnest($7::uuid[], $8::bytea[]) AS new (id, code_hash)
"""
_ADD_INVITEES = """
INSERT INTO invitees (union_id, invitation_id, list_id, line, row_key, name, email, forget_at, mail_due_at)
SELECT $1, id, $2, line, row_key, name, email, $3, mail_due_at
FROM unnest($4::uuid[], $5::int[], $6::bytea[], $7::text[], $8::text[], $9::timestamptz[])
    AS new (id, line, row_key, name, email, mail_due_at)
"""
_PEOPLE = """
SELECT i.line, i.name, i.mail_due_at, i.mailed_at, i.mail_fault, i.opened_at, i.joined_at, i.member_id,
       m.handle
FROM invitees i LEFT JOIN members m ON m.id = i.member_id
WHERE i.union_id = $1 AND i.list_id = $2 AND i.line > $3 ORDER BY i.line LIMIT $4
"""
_LEASE = f"""
UPDATE invitees SET leased_until = $2
FROM invitation_lists l, unions u, members m
WHERE (invitees.union_id, invitees.invitation_id) IN (
    SELECT union_id, invitation_id FROM invitees
    WHERE mail_due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
    ORDER BY mail_due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
  AND (l.union_id, l.id) = (invitees.union_id, invitees.list_id)
  AND u.id = invitees.union_id AND m.id = l.made_by
RETURNING invitees.union_id, invitation_id, invitees.name, email, row_key, mail_failures_count, l.language,
          l.expires_at, u.slug, u.name AS union_name, {shown_name("m", "NULL")} AS inviter_name,
          m.handle AS inviter_handle,
          l.made_by, u.state = 'active' AS is_union_active,
          l.ended_at IS NULL AND l.expires_at > $1 AS is_list_open,
          EXISTS (SELECT FROM email_stops s WHERE s.person_key = row_key) AS is_stopped
"""  # noqa: S608 - made of this house's own text
_FORGET = """
UPDATE invitees SET name = NULL, email = NULL, row_key = NULL, forget_at = NULL, mail_due_at = NULL
WHERE (union_id, invitation_id) IN (
    SELECT union_id, invitation_id FROM invitees WHERE forget_at <= $1 ORDER BY forget_at LIMIT $2
    FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row of a list as who made it sees it; `name` is gone once they have joined."""

    line: int
    name: str | None
    mail_due_at: datetime | None
    mailed_at: datetime | None
    mail_fault: str | None
    opened_at: datetime | None
    joined_at: datetime | None
    member_id: UUID | None
    handle: str | None


@dataclass(frozen=True, slots=True)
class DueMail:
    """An invitation that is to be sent now, with what its message says. `inviter_name`: as anybody may see
    it."""

    union_id: UUID
    invitation_id: UUID
    name: str | None
    email: str | None
    row_key: bytes | None
    mail_failures_count: int
    language: str
    expires_at: datetime
    slug: str
    union_name: str
    inviter_name: str
    inviter_handle: str
    made_by: UUID
    is_union_active: bool
    is_list_open: bool
    is_stopped: bool


async def known_people(
    unit: UnitOfWork, filled: InvitationList, keys: Collection[bytes], lines: Collection[int]
) -> Sequence[Known]:
    """Of these people, or of these lines of the list. Those whose link has expired are forgotten first."""
    raw = await unit.raw()
    await raw.execute(
        """
        UPDATE invitees SET row_key = NULL, name = NULL, email = NULL, forget_at = NULL, mail_due_at = NULL
        WHERE union_id = $1 AND row_key = ANY($2) AND forget_at <= $3
        """,
        filled.union_id,
        list(keys),
        unit.now,
    )
    rows = await raw.fetch(_KNOWN, filled.union_id, list(keys), filled.id, list(lines))
    return [Known(*row.values()) for row in rows]


async def stopped_people(unit: UnitOfWork, keys: Collection[bytes]) -> set[bytes]:
    """Whose address wants no invitations."""
    query = "SELECT person_key FROM email_stops WHERE person_key = ANY($1)"
    return {row["person_key"] for row in await (await unit.raw()).fetch(query, list(keys))}


async def add_invitees(
    unit: UnitOfWork,
    filled: InvitationList,
    invitees: Sequence[NewInvitee],
    hashes: Sequence[bytes],
    due: Sequence[datetime | None],
) -> None:
    """`hashes` of the codes and `due` of the messages, one for each; addresses that nothing is sent to are
    not kept."""
    raw = await unit.raw()
    ids = [one.invitation_id for one in invitees]
    await raw.execute(
        _ADD_INVITATIONS,
        filled.union_id,
        filled.made_by,
        filled.by_founder,
        unit.now,
        filled.expires_at,
        filled.id,
        ids,
        list(hashes),
    )
    await raw.execute(
        _ADD_INVITEES,
        filled.union_id,
        filled.id,
        filled.expires_at,
        ids,
        [one.person.line for one in invitees],
        [one.row_key for one in invitees],
        [one.person.name for one in invitees],
        [None if at is None else one.person.email for one, at in zip(invitees, due, strict=True)],
        list(due),
    )


async def people_of(
    unit: UnitOfWork, union_id: UUID, list_id: UUID, after_line: int, limit: int
) -> Sequence[ListedPerson]:
    """In the order of the file; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_PEOPLE, union_id, list_id, after_line, limit + 1)
    return [ListedPerson(*row.values()) for row in rows]


async def mark_opened(unit: UnitOfWork, union_id: UUID, invitation_id: UUID) -> None:
    """The first time."""
    query = (
        "UPDATE invitees SET opened_at = $3 WHERE union_id = $1 AND invitation_id = $2 AND opened_at IS NULL"
    )
    await (await unit.raw()).execute(query, union_id, invitation_id, unit.now)


async def mark_joined(unit: UnitOfWork, union_id: UUID, invitation_id: UUID, member_id: UUID) -> None:
    """Name and address are the member's own from now on, and go."""
    await (await unit.raw()).execute(
        """
        UPDATE invitees SET joined_at = $3, member_id = $4, opened_at = coalesce(opened_at, $3), name = NULL,
            email = NULL, mail_due_at = NULL
        WHERE union_id = $1 AND invitation_id = $2
        """,
        union_id,
        invitation_id,
        unit.now,
        member_id,
    )


async def lease_due(unit: UnitOfWork, lease: timedelta, limit: int) -> Sequence[DueMail]:
    """What is to be sent and nobody sends: the caller's until the lease ends."""
    rows = await (await unit.raw()).fetch(_LEASE, unit.now, unit.now + lease, limit)
    return [DueMail(*row.values()) for row in rows]


async def note_mail(
    unit: UnitOfWork, mail: DueMail, *, mailed: bool, fault: str | None, due_again: datetime | None
) -> None:
    """What came of sending: the address goes once nothing more is sent there."""
    await (await unit.raw()).execute(
        """
        UPDATE invitees SET mailed_at = CASE WHEN $3 THEN $4::timestamptz ELSE mailed_at END, mail_fault = $5,
            mail_due_at = CASE WHEN mail_due_at IS NULL THEN NULL ELSE $6::timestamptz END,
            email = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE email END, leased_until = NULL,
            mail_failures_count = mail_failures_count + CASE WHEN $3 THEN 0 ELSE 1 END
        WHERE union_id = $1 AND invitation_id = $2
        """,
        mail.union_id,
        mail.invitation_id,
        mailed,
        unit.now,
        fault,
        due_again,
    )


async def stop_mail(unit: UnitOfWork, person_key: bytes) -> None:
    """They get no invitation by e-mail any more, whoever invites them."""
    await (await unit.raw()).execute(
        "INSERT INTO email_stops (person_key, stopped_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        person_key,
        unit.now,
    )


async def forget_invitees(unit: UnitOfWork, limit: int) -> int:
    """Names, addresses and keys of those whose link has expired. Returns how many."""
    status = await (await unit.raw()).execute(_FORGET, unit.now, limit)
    return rows_of(status)


async def end_links(unit: UnitOfWork, union_id: UUID, list_id: UUID, limit: int) -> int:
    """Those of a list that nobody has used are good no more, and their people forgotten; how many."""
    raw = await unit.raw()
    rows: Sequence[asyncpg.Record] = await raw.fetch(
        """
        UPDATE invitees SET name = NULL, email = NULL, row_key = NULL, forget_at = NULL, mail_due_at = NULL
        WHERE (union_id, invitation_id) IN (
            SELECT union_id, invitation_id FROM invitees
            WHERE union_id = $1 AND list_id = $2 AND forget_at IS NOT NULL ORDER BY line LIMIT $3 FOR UPDATE)
        RETURNING invitation_id
        """,
        union_id,
        list_id,
        limit,
    )
    await raw.execute(
        "UPDATE invitations SET expires_at = least(expires_at, $3) WHERE union_id = $1 AND id = ANY($2)",
        union_id,
        [row["invitation_id"] for row in rows],
        unit.now,
    )
    return len(rows)
