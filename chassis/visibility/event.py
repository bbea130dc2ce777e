"""An event of the bus as streams hand it out: read and written once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.bus.envelope import to_cloud_event
from events.catalogue import CATALOGUE
from events.declaration import Audience

if TYPE_CHECKING:
    from chassis.bus.envelope import Envelope
    from chassis.bus.transport import Tailed
    from events.declaration import Declaration

SHOWN_TYPES = frozenset(
    name for name, kind in CATALOGUE.items() if kind.declaration.audience is not Audience.SERVICES
)
"""What anybody outside may be shown at all."""


@dataclass(frozen=True)
class LiveEvent:
    """`position` is where to read on after it; `data` its fields. `union_id`: None where it is of none."""

    id: UUID
    position: str
    declaration: Declaration
    union_id: UUID | None
    data: dict[str, Any]
    envelope: Envelope

    @classmethod
    def of(cls, tailed: Tailed) -> LiveEvent | None:
        """The event, or None for one that nobody outside is shown, or that this release cannot read."""
        envelope = tailed.envelope
        kind = CATALOGUE.get(envelope.type)
        if kind is None or envelope.type not in SHOWN_TYPES:
            return None
        try:
            data = orjson.loads(envelope.data)
            union_id = UUID(data["union_id"]) if "union_id" in kind.model_fields else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return cls(envelope.id, tailed.position, kind.declaration, union_id, data, envelope)

    @property
    def type(self) -> str:
        return self.declaration.type

    def names(self, fields: tuple[str, ...], member_id: UUID) -> bool:
        """Whether one of these fields is this member."""
        return any(self.data.get(name) == str(member_id) for name in fields)

    @cached_property
    def json(self) -> bytes:
        """CloudEvents' structured JSON form."""
        return orjson.dumps(to_cloud_event(self.envelope))
