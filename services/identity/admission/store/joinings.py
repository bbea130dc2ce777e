"""How each member came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.store.shown_names import shown_name

_JOININGS = f"""
SELECT s.member_id, m.handle, {shown_name("m", "$5")}, s.joined_at, s.role, i.invited_by, b.handle,
       {shown_name("b", "$5")}, i.list_id,
       EXISTS (SELECT FROM applications a WHERE (a.union_id, a.applicant_id, a.joined_at)
               = (s.union_id, s.member_id, s.joined_at)),
       (SELECT count(*) FROM vouches v WHERE (v.union_id, v.vouched_id, v.joined_at)
               = (s.union_id, s.member_id, s.joined_at))
FROM memberships s JOIN members m ON m.id = s.member_id
LEFT JOIN invitations i ON (i.union_id, i.id) = (s.union_id, s.invitation_id)
LEFT JOIN members b ON b.id = i.invited_by
WHERE s.union_id = $1 AND s.state = 'active'
  AND ($2::timestamptz IS NULL OR (s.joined_at, s.member_id) > ($2, $3))
ORDER BY s.joined_at, s.member_id LIMIT $4
"""  # noqa: S608 - made of this house's own text


@dataclass(frozen=True, slots=True)
class Joining:
    """`inviter_*`: by whose invitation; `list_id`: by which list of people."""

    member_id: UUID
    handle: str
    name: str
    joined_at: datetime
    role: str
    inviter_id: UUID | None
    inviter_handle: str | None
    inviter_name: str | None
    list_id: UUID | None
    has_applied: bool
    vouches_count: int


async def joinings_of(
    unit: UnitOfWork, union_id: UUID, reader_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Joining]:
    """Active members in the order of joining, with names as the reader sees them; one more than the
    limit where there are more."""
    at, member_id = (None, None) if after is None else after
    rows = await (await unit.raw()).fetch(_JOININGS, union_id, at, member_id, limit + 1, reader_id)
    return [Joining(*row.values()) for row in rows]
