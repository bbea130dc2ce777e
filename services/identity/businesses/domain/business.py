"""A business, and a post in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.money import MINOR_MAX
from chassis.rights.grants import BusinessRight
from services.identity.businesses.domain.errors import BusinessClosed, BusinessRefused

HireRights = Mapping[BusinessRight, int | None]
"""By right; of `spend` the most that is paid by one post in all, minor units of the union's token."""


class BusinessState(StrEnum):
    """Of an open one others read `active`."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Business:
    """`shares_count`: all shares that were ever issued: none come later. `version` counts its states."""

    union_id: UUID
    id: UUID
    name: str
    state: BusinessState
    shares_count: int
    version: int
    founded_by: UUID
    founded_at: datetime
    closed_at: datetime | None = None

    def require_open(self) -> None:
        """Raises BusinessClosed."""
        if self.state is not BusinessState.ACTIVE:
            raise BusinessClosed


def plain_name(name: str) -> str:
    """As it is kept and compared: spaces are single. Raises BusinessRefused."""
    plain = " ".join(name.split())
    if not any(character.isalnum() for character in plain):
        raise BusinessRefused("a name has a letter or a digit")
    return plain


class PostKind(StrEnum):
    MANAGER = "manager"
    HIRE = "hire"


class PostEnding(StrEnum):
    """Why a post ended before its term."""

    DISMISSED = "dismissed"
    RESIGNED = "resigned"
    LEFT = "left"
    CLOSED = "closed"
    FROM_ABOVE = "from_above"
    """The manager who hired them manages no longer."""


@dataclass(frozen=True, slots=True)
class Post:
    """A manager or a hire from `begins_at` up to `until`. `under_id`: by which post a hire was hired; of a
    manager, whom the owners appointed, None. `rights`: of a hire."""

    id: UUID
    member_id: UUID
    kind: PostKind
    under_id: UUID | None
    rights: HireRights
    appointed_by: UUID
    begins_at: datetime
    until: datetime


def require_sound(rights: HireRights, term_seconds: int, term_max_seconds: int) -> None:
    """Of a hire. Raises BusinessRefused."""
    if not rights:
        raise BusinessRefused("a hire has a right")
    for right, limit_minor in rights.items():
        if right is BusinessRight.SPEND and limit_minor is None:
            raise BusinessRefused("spend has a limit")
        if right is not BusinessRight.SPEND and limit_minor is not None:
            raise BusinessRefused(f"{right.value} has no limit: only spend has one")
        if limit_minor is not None and not 0 < limit_minor <= MINOR_MAX:
            raise BusinessRefused(f"a limit is 1 to {MINOR_MAX} minor units")
    require_term(term_seconds, term_max_seconds)


def require_term(term_seconds: int, term_max_seconds: int) -> None:
    """Raises BusinessRefused."""
    if term_seconds > term_max_seconds:
        raise BusinessRefused(f"a term is at most {term_max_seconds} seconds")
