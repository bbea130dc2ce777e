"""A list of people who are invited, each by a link of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.identity.admission.domain.errors import InvitationListEnded
from services.identity.admission.domain.people_file import Ground, Person, RefusedRow


@dataclass(frozen=True, slots=True)
class InvitationList:
    """`rows_max`: how many links its maker signed for. `mail_due_at`: when the last of its messages is
    due."""

    id: UUID
    union_id: UUID
    made_by: UUID
    by_founder: bool
    format: str
    language: str
    sends_email: bool
    rows_max: int
    made_count: int
    refused_count: int
    created_at: datetime
    expires_at: datetime
    mail_due_at: datetime
    ended_at: datetime | None = None

    def require_open(self, now: datetime) -> None:
        """Raises InvitationListEnded."""
        if self.ended_at is not None or now >= self.expires_at:
            raise InvitationListEnded


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who was invited before, and has not been forgotten."""

    invitation_id: UUID
    list_id: UUID
    line: int
    row_key: bytes | None
    has_joined: bool


@dataclass(frozen=True, slots=True)
class NewInvitee:
    """A row that makes a link."""

    invitation_id: UUID
    person: Person
    row_key: bytes


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of rows: new links, links made before for the same row, and refusals."""

    new: Sequence[tuple[Person, bytes]]
    again: Sequence[tuple[Person, UUID]]
    refused: Sequence[RefusedRow]


def sort_people(
    filled: InvitationList, people: Sequence[tuple[Person, bytes]], known: Sequence[Known]
) -> Sorted:
    """By who was invited before; every person is in one of the three."""
    by_key: Mapping[bytes | None, Known] = {one.row_key: one for one in known}
    by_line = {one.line: one for one in known if one.list_id == filled.id}
    new: list[tuple[Person, bytes]] = []
    again: list[tuple[Person, UUID]] = []
    refused: list[RefusedRow] = []
    seen: set[bytes] = set()
    for person, key in people:
        before, there = by_key.get(key), by_line.get(person.line)
        if key in seen:
            refused.append(RefusedRow(person.line, Ground.TWICE))
            continue
        seen.add(key)
        if before is not None:
            if before.list_id == filled.id and before.line == person.line:
                again.append((person, before.invitation_id))
            else:
                refused.append(RefusedRow(person.line, _known_ground(filled, before)))
        elif there is not None:
            refused.append(RefusedRow(person.line, Ground.LINE_TAKEN))
        elif filled.made_count + len(new) >= filled.rows_max:
            refused.append(RefusedRow(person.line, Ground.LIST_FULL))
        else:
            new.append((person, key))
    return Sorted(new, again, refused)


def _known_ground(filled: InvitationList, before: Known) -> Ground:
    if before.has_joined:
        return Ground.JOINED_ALREADY
    return Ground.TWICE if before.list_id == filled.id else Ground.INVITED_ALREADY


def after_rows(
    filled: InvitationList,
    made: int,
    refused: int,
    mails: int,
    pause: timedelta,
    now: datetime,
    format_name: str,
) -> InvitationList:
    """The list with so many more links and refusals; `pause`: between two of its messages."""
    begins = max(now, filled.mail_due_at)
    return replace(
        filled,
        format=format_name,
        made_count=filled.made_count + made,
        refused_count=filled.refused_count + refused,
        mail_due_at=begins + mails * pause,
    )
