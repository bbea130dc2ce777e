"""Who is shown an event: its declared audience, the charter's table, and memberships as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from events.declaration import Audience
from events.visibility import LEADERS, MEMBERS, NAMES_SHOWN, PUBLIC

if TYPE_CHECKING:
    from chassis.visibility.event import LiveEvent

ACTIVE = "active"
OFFICER_ROLE = "founder"
"""So far the founder is the one officer, and the one leader whom identity knows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A membership as identity told it last."""

    version: int
    state: str
    role: str


@dataclass(slots=True)
class Viewer:
    """Who looks; without a member, everybody. `standings` by union change while the viewer looks."""

    member_id: UUID | None = None
    standings: dict[UUID, Standing] = field(default_factory=dict[UUID, Standing])

    def is_active_in(self, union_id: UUID | None) -> bool:
        standing = None if union_id is None else self.standings.get(union_id)
        return standing is not None and standing.state == ACTIVE

    def is_officer_of(self, union_id: UUID | None) -> bool:
        standing = None if union_id is None else self.standings.get(union_id)
        return standing is not None and standing.state == ACTIVE and standing.role == OFFICER_ROLE


def may_see(viewer: Viewer, event: LiveEvent, parameters: Mapping[str, object]) -> bool:
    """Whether the viewer may be shown the event under the charter's `parameters` of its union."""
    match event.declaration.audience:
        case Audience.PUBLIC:
            return True
        case Audience.MEMBERS_NAMED:
            return viewer.member_id is not None and event.names(event.declaration.named, viewer.member_id)
        case Audience.OFFICERS:
            return viewer.is_officer_of(event.union_id)
        case Audience.UNION:
            return _is_shown_names(viewer, event, parameters)
        case Audience.SERVICES:
            return False


def _is_shown_names(viewer: Viewer, event: LiveEvent, parameters: Mapping[str, object]) -> bool:
    shown = NAMES_SHOWN.get(event.type)
    if shown is None:
        return viewer.is_active_in(event.union_id)
    word = parameters.get(shown.parameter, MEMBERS)
    if word == PUBLIC or viewer.member_id is None:
        return word == PUBLIC
    if event.names(shown.own, viewer.member_id):
        return True
    if not viewer.is_active_in(event.union_id):
        return False
    is_leader = event.names(shown.leaders, viewer.member_id) or viewer.is_officer_of(event.union_id)
    return word == MEMBERS or (word == LEADERS and is_leader)
