"""What one process knows of what has ended: dictionaries, and the moment up to which they are complete."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.revocations.log import Revocation, RevocationKind, RevocationPage

if TYPE_CHECKING:
    from chassis.clock import Clock

SWEPT_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class EndedMembership:
    """The state in which a membership ended (of rights: empty), and the version that ended it."""

    version: int
    state: str
    until: datetime


class RevocationView:
    """Follows the log by `take`. `with_memberships` off: they are told to the listeners and not kept."""

    def __init__(self, clock: Clock, *, with_memberships: bool = True) -> None:
        self.position = 0
        self.memberships: dict[tuple[UUID, UUID], EndedMembership] = {}
        self._clock = clock
        self._with_memberships = with_memberships
        self._rights: dict[tuple[UUID, UUID], EndedMembership] = {}
        self._sessions: dict[UUID, datetime] = {}
        self._device_keys: dict[str, datetime] = {}
        self._complete_at = -math.inf
        self._swept_at = clock.now()
        self._listeners: list[Callable[[Revocation], None]] = []

    def listen(self, listener: Callable[[Revocation], None]) -> None:
        """Call this with every entry as it is heard of; it may come twice."""
        self._listeners.append(listener)

    def age_seconds(self) -> float:
        """How long ago this view was certainly complete; infinite before it ever was."""
        return time.monotonic() - self._complete_at

    def has_ended(self, session_id: UUID, device_key_id: str) -> bool:
        """Whether the session is over, or its device key revoked."""
        return session_id in self._sessions or device_key_id in self._device_keys

    def has_revoked(self, device_key_id: str) -> bool:
        """Whether the device key was revoked as long ago as tokens live, or less."""
        return device_key_id in self._device_keys

    def ended_membership(self, union_id: UUID, member_id: UUID) -> EndedMembership | None:
        return self.memberships.get((union_id, member_id))

    def ended_rights(self, union_id: UUID, member_id: UUID) -> int | None:
        """The version of the member's rights by offices before which none is good; None: any is."""
        ended = self._rights.get((union_id, member_id))
        return None if ended is None else ended.version

    def forget_membership(self, union_id: UUID, member_id: UUID, known_version: int) -> None:
        """The projection has this version: from here on it is the one to ask."""
        ended = self.memberships.get((union_id, member_id))
        if ended is not None and ended.version <= known_version:
            del self.memberships[union_id, member_id]

    def take(self, page: RevocationPage, asked_at: float) -> None:
        """Keep a page that was read after a number not beyond `position`, asked for at a monotonic time."""
        if page.head < self.position:
            # Another log, of a database that was restored: read from its beginning.
            self.position = 0
            return
        for entry in page.items:
            self._keep(entry)
        self.position = max(self.position, page.next_after)
        if page.is_last:
            self._complete_at = max(self._complete_at, asked_at + page.waited_seconds)
        self._sweep(self._clock.now())

    def _keep(self, entry: Revocation) -> None:
        match entry.kind:
            case RevocationKind.SESSION:
                self._sessions[UUID(entry.subject)] = entry.until
            case RevocationKind.DEVICE_KEY:
                self._device_keys[entry.subject] = entry.until
            case RevocationKind.MEMBERSHIP if self._with_memberships:
                _keep_newest(self.memberships, entry)
            case RevocationKind.RIGHTS if self._with_memberships:
                _keep_newest(self._rights, entry)
            case _:
                pass
        for listener in self._listeners:
            listener(entry)

    def _sweep(self, now: datetime) -> None:
        """Now and then, drop what speaks of nothing that could still be presented."""
        if now - self._swept_at < SWEPT_EVERY:
            return
        self._swept_at = now
        self._sessions = {key: until for key, until in self._sessions.items() if until > now}
        self._device_keys = {key: until for key, until in self._device_keys.items() if until > now}
        self.memberships = {key: ended for key, ended in self.memberships.items() if ended.until > now}
        self._rights = {key: ended for key, ended in self._rights.items() if ended.until > now}


def _keep_newest(kept: dict[tuple[UUID, UUID], EndedMembership], entry: Revocation) -> None:
    key = (UUID(entry.subject), entry.member_id)
    known = kept.get(key)
    if known is None or known.version < entry.version:
        kept[key] = EndedMembership(entry.version, entry.state, entry.until)
