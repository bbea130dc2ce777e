"""What members hold in a union or in a business: from memory, from a projection, or asked of identity."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

from chassis.revocations.log import Revocation, RevocationKind

if TYPE_CHECKING:
    import asyncpg

    from chassis.peers import Peers
    from chassis.read_pool import ReadPool
    from chassis.revocations.view import RevocationView
    from chassis.rights.grants import Grant
    from chassis.unit_of_work import UnitOfWork

REMEMBERED_MAX = 10_000
"""Members."""
REMEMBERED_OF_MEMBER_MAX = 100
"""Unions and businesses of one."""


class Holder(NamedTuple):
    """A member, and in what they hold something: the id of their union, or of a business in it."""

    union_id: UUID
    scope_id: UUID
    member_id: UUID


class GrantSource(Protocol):
    """The grants of one kind of scope: where a service keeps them, and how identity tells them."""

    async def find(
        self, raw: asyncpg.Connection | ReadPool, holder: Holder
    ) -> tuple[int, tuple[Grant, ...]] | None:
        """Version and grants; 0 and none where nothing was told of the member, None of the scope itself."""
        ...

    async def ask(self, unit: UnitOfWork, peers: Peers, holder: Holder) -> tuple[Grant, ...]:
        """As identity says now, kept in the projection. Raises PeerUnavailable."""
        ...


class HeldGrants:
    """One for each process and kind of scope. `remembered_seconds`: a new right is known this late at most;
    an ended one goes at once, by the log, whose entries of rights name the scope."""

    def __init__(
        self, view: RevocationView, peers: Peers, source: GrantSource, remembered_seconds: float
    ) -> None:
        self._view = view
        self._peers = peers
        self._source = source
        self._remembered_seconds = remembered_seconds
        self._remembered: dict[UUID, dict[UUID, tuple[float, tuple[Grant, ...]]]] = {}
        view.listen(self._heard)

    async def of(self, unit: UnitOfWork, holder: Holder) -> tuple[Grant, ...]:
        """What they hold, as far as it has not ended. Raises PeerUnavailable for an act."""
        _, scope_id, member_id = holder
        of_member = self._remembered.get(member_id)
        remembered = None if of_member is None else of_member.get(scope_id)
        if remembered is not None and time.monotonic() - remembered[0] < self._remembered_seconds:
            return remembered[1]
        begun_at, position = time.monotonic(), self._view.position
        found = await self._source.find(await unit.raw_reads(), holder)
        ended = self._view.ended_rights(scope_id, member_id)
        if found is None or (ended is not None and found[0] < ended):
            return () if unit.read_only else await self._source.ask(unit, self._peers, holder)
        if position == self._view.position:  # else something may have ended while it was read
            self._remember(holder, begun_at, found[1])
        return found[1]

    def lasting(self, holder: Holder, version: int, grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
        """Of what the projection says in this version: none where the log has ended it. Nobody is asked."""
        ended = self._view.ended_rights(holder.scope_id, holder.member_id)
        return grants if ended is None or ended <= version else ()

    def _remember(self, holder: Holder, at: float, grants: tuple[Grant, ...]) -> None:
        of_member = self._remembered.pop(holder.member_id, {})
        while len(self._remembered) >= REMEMBERED_MAX:
            del self._remembered[next(iter(self._remembered))]
        if len(of_member) >= REMEMBERED_OF_MEMBER_MAX:
            of_member.clear()
        of_member[holder.scope_id] = (at, grants)
        self._remembered[holder.member_id] = of_member

    def _heard(self, entry: Revocation) -> None:
        if entry.kind in (RevocationKind.RIGHTS, RevocationKind.MEMBERSHIP):
            self._remembered.pop(entry.member_id, None)
