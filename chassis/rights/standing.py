"""`may`: whether a member of a union has a right by now, on the projection and the log of what ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.peers import PeerUnavailable
from chassis.revocations.log import Revocation, RevocationKind
from chassis.rights.grants import FOUNDERS_GROUND, Grant, Ground, Right, living_grounds
from chassis.rights.projection import find_grants, grants_of_event, keep_grants
from events.identity import OfficeGrantState

if TYPE_CHECKING:
    from chassis.membership import Membership
    from chassis.peers import Peers
    from chassis.revocations.view import RevocationView
    from chassis.unit_of_work import UnitOfWork

REMEMBERED_MAX = 10_000
_Key = tuple[UUID, UUID]


class Rights:
    """One for each process of a service that keeps the projection.

    `remembered_seconds`: a new right is known this late at most; an ended one goes at once, by the log.
    """

    def __init__(self, view: RevocationView, peers: Peers, remembered_seconds: float) -> None:
        self._remembered_seconds = remembered_seconds
        self._view = view
        self._peers = peers
        self._remembered: dict[_Key, tuple[float, tuple[Grant, ...]]] = {}
        view.listen(self._heard)

    async def may(
        self, unit: UnitOfWork, member: Membership, right: Right, amount_minor: int | None = None
    ) -> bool:
        """Whether the member has the right in their union; `amount_minor`: of a payment by itself."""
        return bool(await self.grounds(unit, member, right, amount_minor))

    async def ground(self, unit: UnitOfWork, member: Membership, right: Right) -> Ground | None:
        """Why they may, or None: the first of their grounds."""
        return next(iter(await self.grounds(unit, member, right)), None)

    async def grounds(
        self, unit: UnitOfWork, member: Membership, right: Right, amount_minor: int | None = None
    ) -> tuple[Ground, ...]:
        """All that let them. Who holds the founder's office always has one; who is no active member none."""
        if not member.is_active:
            return ()
        if member.is_head:
            return (FOUNDERS_GROUND,)
        return living_grounds(await self.grants(unit, member), right, unit.now, amount_minor)

    async def grants(self, unit: UnitOfWork, member: Membership) -> tuple[Grant, ...]:
        """What the member holds by offices, as far as it has not ended. Raises PeerUnavailable for an act."""
        key = (member.union.id, member.member_id)
        remembered = self._remembered.get(key)
        if remembered is not None and time.monotonic() - remembered[0] < self._remembered_seconds:
            return remembered[1]
        begun_at, position = time.monotonic(), self._view.position
        version, grants = await find_grants(await unit.raw_reads(), *key)
        ended = self._view.ended_rights(*key)
        if ended is not None and version < ended:
            return () if unit.read_only else await self._asked(unit, key)
        if position == self._view.position:  # else something may have ended while it was read
            self._remember(key, begun_at, grants)
        return grants

    async def _asked(self, unit: UnitOfWork, key: _Key) -> tuple[Grant, ...]:
        """The log is ahead of the projection: identity says what is left."""
        union_id, member_id = key
        answer = await self._peers.call(
            "identity", "GET", f"/internal/unions/{union_id}/office-grants/{member_id}"
        )
        if not answer.ok:
            raise PeerUnavailable("identity", f"status {answer.status}")
        event = OfficeGrantState.model_validate(answer.body)
        await keep_grants(await unit.raw(), event)
        return grants_of_event(event)

    def _remember(self, key: _Key, at: float, grants: tuple[Grant, ...]) -> None:
        self._remembered.pop(key, None)
        while len(self._remembered) >= REMEMBERED_MAX:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[key] = (at, grants)

    def _heard(self, entry: Revocation) -> None:
        if entry.kind in (RevocationKind.RIGHTS, RevocationKind.MEMBERSHIP):
            self._remembered.pop((UUID(entry.subject), entry.member_id), None)
