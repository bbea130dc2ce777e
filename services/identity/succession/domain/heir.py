"""The heir of the founder's office: named by its holder, willing by their own word, and in claim of it.

A claim needs no proof of absence: it is told on every channel, and whoever holds the office has the whole
time to object by one signed act. Silence for so long is absence.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.succession.domain.errors import ClaimNotOpen, ClaimRests, HeirNotWilling, NotTheHeir


class Way(StrEnum):
    """How the office came to its holder."""

    HANDED_OVER = "handed_over"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Heir:
    """One of a union at most. `due_at`: when an open claim is met; `rests_until`: no claim before."""

    union_id: UUID
    member_id: UUID
    named_by: UUID
    named_at: datetime
    agreed_at: datetime | None = None
    claimed_at: datetime | None = None
    due_at: datetime | None = None
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """The office has passed from one member to another."""

    union_id: UUID
    id: UUID
    from_id: UUID
    to_id: UUID
    way: Way
    passed_at: datetime


def agree(heir: Heir, member_id: UUID, now: datetime) -> Heir:
    """The same one for who has agreed. Raises NotTheHeir."""
    if heir.member_id != member_id:
        raise NotTheHeir
    return heir if heir.agreed_at is not None else replace(heir, agreed_at=now)


def claim(heir: Heir, member_id: UUID, now: datetime, objection: timedelta) -> Heir:
    """The same one while a claim is open. Raises NotTheHeir, HeirNotWilling, ClaimRests."""
    if heir.member_id != member_id:
        raise NotTheHeir
    if heir.agreed_at is None:
        raise HeirNotWilling
    if heir.claimed_at is not None:
        return heir
    if heir.rests_until is not None and now < heir.rests_until:
        raise ClaimRests(heir.rests_until)
    return replace(heir, claimed_at=now, due_at=now + objection, rests_until=None)


def close_claim(heir: Heir, now: datetime, rest: timedelta) -> Heir:
    """After an objection, or as the heir gives it up; the next one waits. Raises ClaimNotOpen."""
    if heir.claimed_at is None:
        raise ClaimNotOpen
    return replace(heir, claimed_at=None, due_at=None, rests_until=now + rest)
