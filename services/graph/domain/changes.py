"""One change of a union's graph: what the change table holds and the engine replays, in version order."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

GENERAL_TOPIC = ""
ROOT_ROLE = "founder"
COUNTING_STATE = "active"


class ChangeKind(IntEnum):
    """What a change is about. The numbers are stored."""

    MEMBERSHIP = 1
    BACKLINK = 2
    VOICE = 3


@dataclass(frozen=True, slots=True)
class Change:
    """The state that something has from `version` on.

    MEMBERSHIP: `subject_id` counts while `holds`, and is a root of standing while `is_root`.
    BACKLINK: `subject_id` supports `object_id` while `holds`.
    VOICE: `object_id` speaks for `subject_id`; None means that the member speaks for themself.
    """

    version: int
    kind: ChangeKind
    subject_id: UUID
    object_id: UUID | None
    holds: bool
    is_root: bool = False
    topic: str = GENERAL_TOPIC


@dataclass(frozen=True, slots=True)
class DatedChange:
    """A change with the time it was recorded at."""

    change: Change
    recorded_at: datetime
