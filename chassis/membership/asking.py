"""Asks identity for what the projection does not know yet, once.

A call may happen inside a transaction (behind an Idempotency-Key or a stored act): identity calls no service,
so that no pool waits for another in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from chassis.membership.projection import keep_membership, keep_union
from chassis.membership.views import Membership, UnionView
from chassis.money import Asset
from events.identity import MembershipState, UnionState

if TYPE_CHECKING:
    from chassis.peers import Peers
    from chassis.unit_of_work import UnitOfWork


async def ask_union(unit: UnitOfWork, peers: Peers, name: str) -> UnionView | None:
    """Ask identity for a union and keep its answer, so that it is asked once."""
    answer = await peers.call("identity", "GET", f"/internal/unions/{name}")
    if not answer.ok:
        return None
    event = UnionState.model_validate(answer.body)
    if not unit.read_only:
        await keep_union(await unit.raw(), event)
    return UnionView(
        event.union_id,
        event.slug,
        event.state,
        event.founder_id,
        Asset(event.token_symbol, event.token_scale),
        event.charter_version,
        dict(event.parameters),
        event.founded_at,
    )


async def ask_membership(
    unit: UnitOfWork, peers: Peers, union: UnionView, member_id: UUID
) -> Membership | None:
    """Ask identity for a membership and keep its answer."""
    answer = await peers.call("identity", "GET", f"/internal/unions/{union.id}/memberships/{member_id}")
    if not answer.ok:
        return None
    event = MembershipState.model_validate(answer.body)
    if not unit.read_only:
        await keep_membership(await unit.raw(), event)
    return Membership(union, member_id, event.state, event.role, event.by_founder_invitation, event.version)
