"""What the gateway knows of those who look, and of unions: asked of identity, kept up by events and its log.

The gateway has no tables. It asks once for each member who opens a stream; from then on every `membership`
event that it tails, and every entry of the log of what has ended, is the newer version or is passed over.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.membership.views import MEMBER_ROLE
from chassis.peers import PeerUnavailable
from chassis.revocations.log import Revocation, RevocationKind
from chassis.visibility.event import LiveEvent
from chassis.visibility.rights import Standing, Viewer
from events.identity import MembershipState, UnionState

if TYPE_CHECKING:
    from chassis.peers import Peers


@dataclass(frozen=True, slots=True)
class KnownUnion:
    """A union's newest version and the parameters of its charter."""

    version: int
    parameters: Mapping[str, object]


@dataclass(slots=True)
class _Looking:
    viewer: Viewer
    count: int = 0


class Standings:
    """Viewers are shared by the streams of a member, and forgotten with the last of them."""

    def __init__(self, peers: Peers, unions_max: int) -> None:
        self._peers = peers
        self._unions_max = unions_max
        self._looking: dict[UUID, _Looking] = {}
        self._unions: OrderedDict[UUID, KnownUnion] = OrderedDict()

    @asynccontextmanager
    async def looking(self, member_id: UUID | None) -> AsyncGenerator[Viewer]:
        """The member as viewer, with all memberships, kept up while entered. Raises PeerUnavailable."""
        if member_id is None:
            yield Viewer()
            return
        looking = self._looking.setdefault(member_id, _Looking(Viewer(member_id)))
        looking.count += 1
        try:
            await self._load(looking.viewer, member_id)
            yield looking.viewer
        finally:
            looking.count -= 1
            if not looking.count:
                del self._looking[member_id]

    async def union_id_of(self, name: str) -> UUID | None:
        """The id behind a union's slug or id. Raises PeerUnavailable."""
        answer = await self._peers.call("identity", "GET", f"/internal/unions/{name}")
        if not answer.ok:
            return None
        return self._keep_union(answer.body)

    async def parameters_of(self, union_id: UUID) -> Mapping[str, object]:
        """The charter's parameters. Raises PeerUnavailable."""
        known = self._unions.get(union_id)
        if known is None:
            await self.union_id_of(str(union_id))
            known = self._unions.get(union_id)
        return {} if known is None else known.parameters

    def hear(self, event: LiveEvent) -> None:
        """Take over what an event says of memberships and unions, before anybody is shown it."""
        if event.type == UnionState.declaration.type and event.union_id in self._unions:
            self._keep_union(event.data)
        elif event.type == MembershipState.declaration.type:
            looking = self._looking.get(UUID(event.data["member_id"]))
            if looking is not None:
                _keep_standing(looking.viewer, event.data)

    def end(self, entry: Revocation) -> None:
        """A membership, or the role in it, has ended, by the word of the log."""
        looking = self._looking.get(entry.member_id)
        if entry.kind is not RevocationKind.MEMBERSHIP or looking is None:
            return
        union_id = UUID(entry.subject)
        known = looking.viewer.standings.get(union_id)
        if known is None or known.version < entry.version:
            looking.viewer.standings[union_id] = Standing(entry.version, entry.state, MEMBER_ROLE)

    async def _load(self, viewer: Viewer, member_id: UUID) -> None:
        path = f"/internal/members/{member_id}/memberships"
        query = ""
        while True:
            answer = await self._peers.call("identity", "GET", f"{path}{query}")
            if not answer.ok:
                raise PeerUnavailable("identity", f"status {answer.status}")
            for item in answer.body["items"]:
                _keep_standing(viewer, item)
            if answer.body["next_after"] is None:
                return
            query = f"?after={answer.body['next_after']}"

    def _keep_union(self, said: Mapping[str, Any]) -> UUID:
        union = UnionState.model_validate(said)
        known = self._unions.get(union.union_id)
        if known is None or known.version < union.version:
            self._unions[union.union_id] = KnownUnion(union.version, dict(union.parameters))
        self._unions.move_to_end(union.union_id)
        while len(self._unions) > self._unions_max:
            self._unions.popitem(last=False)
        return union.union_id


def _keep_standing(viewer: Viewer, said: Mapping[str, Any]) -> None:
    membership = MembershipState.model_validate(said)
    known = viewer.standings.get(membership.union_id)
    if known is None or known.version < membership.version:
        viewer.standings[membership.union_id] = Standing(
            membership.version, membership.state, membership.role
        )
