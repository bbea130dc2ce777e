"""An office, and somebody's holding of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.money import MINOR_MAX
from chassis.rights.grants import Right
from services.identity.offices.domain.errors import OfficeRefused

Rights = Mapping[Right, int | None]
"""By right; of `spend` the most that is paid by one holding in all, minor units of the union's token."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office as it stands. `parent_id`: None directly below the founder. `version` counts its changes."""

    id: UUID
    parent_id: UUID | None
    version: int
    name: str
    rights: Rights
    term_seconds: int


class Ending(StrEnum):
    """Why a holding ended before its term."""

    ENDED = "ended"
    RESIGNED = "resigned"
    LEFT = "left"
    OFFICE_ENDED = "office_ended"
    FROM_ABOVE = "from_above"
    """Who appointed the holder holds the office above no longer."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A member in an office from `begins_at` up to `until`. `under_id`: by which holding its appointer
    appointed; None: as the founder."""

    id: UUID
    office_id: UUID
    member_id: UUID
    under_id: UUID | None
    appointed_by: UUID
    begins_at: datetime
    until: datetime


def require_sound(rights: Rights, term_seconds: int, term_max_seconds: int) -> None:
    """Raises OfficeRefused."""
    for right, limit_minor in rights.items():
        if right is Right.SPEND and limit_minor is None:
            raise OfficeRefused("spend has a limit")
        if right is not Right.SPEND and limit_minor is not None:
            raise OfficeRefused(f"{right.value} has no limit: only spend has one")
        if limit_minor is not None and not 0 < limit_minor <= MINOR_MAX:
            raise OfficeRefused(f"a limit is 1 to {MINOR_MAX} minor units")
    if term_seconds > term_max_seconds:
        raise OfficeRefused(f"a term is at most {term_max_seconds} seconds")


def require_within(rights: Rights, above: Rights) -> None:
    """No office gives what the one above it does not have, nor more of it. Raises OfficeRefused."""
    for right, limit_minor in rights.items():
        if right not in above:
            raise OfficeRefused(f"the office above does not hold {right.value}")
        bound = above[right]
        if bound is not None and (limit_minor is None or limit_minor > bound):
            raise OfficeRefused(f"the office above may {right.value} up to {bound} minor units")


def meet(rights: Rights, above: Rights) -> dict[Right, int | None]:
    """What both hold, with the lower limit."""
    met: dict[Right, int | None] = {}
    for right, limit_minor in rights.items():
        if right in above:
            bounds = [bound for bound in (limit_minor, above[right]) if bound is not None]
            met[right] = min(bounds) if bounds else None
    return met
