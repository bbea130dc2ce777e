"""Have a change of a membership reach the offices: who is out holds nothing, nor whom they appointed."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import Membership, MembershipState
from services.identity.offices.domain.office import Ending
from services.identity.offices.store.holdings import end_holdings, holds_any
from services.identity.offices.store.offices import load_tree
from services.identity.offices.use_cases.tell_grants import tell_grants
from services.identity.store.unions import lock_union

OUT = frozenset({MembershipState.LEFT, MembershipState.EXPELLED})
"""Whose offices end for good. A suspended member's rest, and hold again with their membership."""


async def follow_membership(unit: UnitOfWork, membership: Membership, by: UUID) -> None:
    """Call it where the state of a membership that is saved has changed, before the log of revocations is
    written."""
    union_id, member_id = membership.union_id, membership.member_id
    if not await holds_any(unit, union_id, member_id):
        return
    union = await lock_union(unit, str(union_id))
    assert union is not None
    if membership.state in OUT:
        tree = await load_tree(unit, union_id, union.founder_id)
        own = {one.id for one in tree.holdings_of_members.get(member_id, ())}
        await end_holdings(unit, union_id, own, by, Ending.LEFT)
        await end_holdings(unit, union_id, tree.resting_on(own), by, Ending.FROM_ABOVE)
    await tell_grants(unit, union_id, union.founder_id)
