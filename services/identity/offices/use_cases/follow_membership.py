"""Have a change of memberships reach the offices: who is out holds nothing, nor whom they appointed."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import Membership, MembershipState
from services.identity.offices.domain.office import Ending
from services.identity.offices.store.holdings import end_holdings, holds_any
from services.identity.offices.store.offices import load_tree
from services.identity.offices.use_cases.tell_ended import tell_ended
from services.identity.offices.use_cases.tell_grants import tell_grants
from services.identity.settings import IdentitySettings
from services.identity.store.unions import lock_union

OUT = frozenset({MembershipState.LEFT, MembershipState.EXPELLED})
"""Whose offices end for good. A suspended member's rest, and hold again with their membership."""


async def follow_memberships(
    unit: UnitOfWork, settings: IdentitySettings, changed: Sequence[Membership], by: UUID
) -> None:
    """Of one union, whose states are saved; before the log of revocations is written."""
    union_id = changed[0].union_id
    if not await holds_any(unit, union_id, [one.member_id for one in changed]):
        return
    union = await lock_union(unit, str(union_id))
    assert union is not None
    tree = await load_tree(unit, union_id, union.head_id)
    own = {
        holding.id
        for one in changed
        if one.state in OUT
        for holding in tree.holdings_of_members.get(one.member_id, ())
    }
    if own:
        below = tree.resting_on(own) - own
        await end_holdings(unit, union_id, own, by, Ending.LEFT)
        await end_holdings(unit, union_id, below, by, Ending.FROM_ABOVE)
        await tell_ended(unit, settings, union_id, tree, below, by)
    await tell_grants(unit, union_id, union.head_id)
