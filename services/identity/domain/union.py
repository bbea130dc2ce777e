"""A network union: its name, founder and state."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.identity.domain.errors import UnionDissolved


class UnionState(StrEnum):
    ACTIVE = "active"
    DISSOLVED = "dissolved"


@dataclass(frozen=True, slots=True)
class NetworkUnion:
    """A union as it stands; `version` counts every published change. `head_id`: who holds the founder's
    office, with all its rights; the founder, until it passes."""

    id: UUID
    slug: str
    name: str
    state: UnionState
    founder_id: UUID
    head_id: UUID
    version: int
    charter_version: int
    charter_hash: str
    founded_at: datetime

    def require_active(self) -> None:
        if self.state is not UnionState.ACTIVE:
            raise UnionDissolved(self.slug)


def dissolve(union: NetworkUnion) -> NetworkUnion:
    """The union after its last member, the founder, has left: kept, but nobody joins it any more."""
    return replace(union, state=UnionState.DISSOLVED, version=union.version + 1)


def amended(union: NetworkUnion, charter_version: int, charter_hash: str) -> NetworkUnion:
    """The union under a new version of its charter."""
    return replace(
        union, charter_version=charter_version, charter_hash=charter_hash, version=union.version + 1
    )


def under_head(union: NetworkUnion, head_id: UUID) -> NetworkUnion:
    """The union whose founder's office has passed."""
    return replace(union, head_id=head_id, version=union.version + 1)
