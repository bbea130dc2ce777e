"""A union and a membership as the services see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.money import Asset

ACTIVE = "active"
HEAD_ROLE = "founder"
MEMBER_ROLE = "member"


@dataclass(frozen=True, slots=True)
class UnionView:
    """A union as the services need it."""

    id: UUID
    slug: str
    state: str
    founder_id: UUID
    token: Asset
    charter_version: int
    parameters: dict[str, Any]
    founded_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A member in a union; `state` is that of identity's event."""

    union: UnionView
    member_id: UUID
    state: str
    role: str
    by_founder_invitation: bool
    version: int

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE

    @property
    def is_head(self) -> bool:
        """Whether they hold the founder's office."""
        return self.is_active and self.role == HEAD_ROLE
