"""What services were told of a member's rights, in a union by offices or in a business."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.rights.grants import Grant
from chassis.rights.projection import read_grants


@dataclass(frozen=True, slots=True)
class Told:
    """The newest of a member; version 0: nothing ever."""

    version: int = 0
    grants: tuple[Grant, ...] = ()

    @classmethod
    def of(cls, row: Any) -> "Told":
        """Of a row, or of None."""
        found = read_grants(row)
        return cls() if found is None else cls(*found)

    def has_shrunk(self, grants: Sequence[Grant], now: datetime) -> bool:
        """Whether something of it is held no longer, or for less long."""
        return any(grant.until > now and not _goes_on(grant, grants) for grant in self.grants)


def _goes_on(before: Grant, grants: Sequence[Grant]) -> bool:
    return any(replace(one, until=before.until) == before and one.until >= before.until for one in grants)
