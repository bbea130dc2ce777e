"""A deletion of an account, from being asked for to its end; what goes with it, and what stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from services.identity.deletion.domain.errors import DeletionBegun, NoDeletion


class DeletionState(StrEnum):
    """WAITING can be cancelled. LEAVING and ERASING are the way, on which nothing comes back. STOPPED: when
    its time came, something stood in the way."""

    WAITING = "waiting"
    LEAVING = "leaving"
    ERASING = "erasing"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    DONE = "done"


OPEN = frozenset({DeletionState.WAITING, DeletionState.LEAVING, DeletionState.ERASING})


@dataclass(frozen=True, slots=True)
class Deletion:
    """`number`: of the member's deletions, from 1."""

    member_id: UUID
    number: int
    state: DeletionState
    asked_at: datetime
    due_at: datetime
    ended_at: datetime | None


def ask(member_id: UUID, last: Deletion | None, now: datetime, delay: timedelta) -> Deletion:
    """The deletion that waits from now on, or the one that is open already."""
    if last is not None and last.state in OPEN:
        return last
    number = 1 if last is None else last.number + 1
    return Deletion(member_id, number, DeletionState.WAITING, now, now + delay, None)


def cancelled(last: Deletion | None, now: datetime) -> Deletion:
    """Raises NoDeletion, DeletionBegun."""
    if last is None or last.state not in OPEN:
        raise NoDeletion
    if last.state is not DeletionState.WAITING:
        raise DeletionBegun(last.due_at)
    return ended(last, DeletionState.CANCELLED, now)


def ended(deletion: Deletion, state: DeletionState, now: datetime) -> Deletion:
    return replace(deletion, state=state, ended_at=now)


GOES = (
    "profile",
    "handles",
    "keys",
    "devices",
    "guardians",
    "memberships",
    "offices",
    "business_shares",
    "notices",
    "webhooks",
    "applications",
    "support",
    "offers",
    "memos",
    "signed_texts",
)
"""What is erased or ended. Clients have words for each."""

STAYS: Mapping[str, str] = MappingProxyType(
    {
        "member_id": "pseudonym",
        "transfers": "books_balance",
        "agreements": "two_parties",
        "pledges": "books_balance",
        "signed_acts": "can_be_checked",
        "act_log": "can_be_checked",
        "union_texts": "belong_to_the_union",
        "decisions_about_me": "others_wrote_them",
        "handles_for_a_time": "nobody_passes_for_me",
        "backups": "until_they_are_replaced",
    }
)
"""What is kept under the id alone, and why."""
