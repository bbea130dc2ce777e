"""Freezes: the union stops what leaves a member's account, for a reason and for a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class FreezeStanding(StrEnum):
    FROZEN = "frozen"
    THAWED = "thawed"


@dataclass(frozen=True, slots=True)
class Freeze:
    """A freeze of an account, or a thaw, which has neither `until` nor `reason`; `number` counts both from 1.

    `at` is behind what was posted before and in front of what comes after.
    """

    number: int
    at: datetime
    until: datetime | None
    reason: str | None
    officer_id: UUID

    def standing(self, now: datetime) -> FreezeStanding:
        is_frozen = self.until is not None and now < self.until
        return FreezeStanding.FROZEN if is_frozen else FreezeStanding.THAWED
