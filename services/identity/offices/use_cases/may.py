"""Whether a member has a right in identity itself: derived from the rows as they are in this transaction."""

from uuid import UUID

from chassis.rights.grants import FOUNDERS_GROUND, Ground, Right
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.union import NetworkUnion
from services.identity.offices.store.holdings import holds_any
from services.identity.offices.store.offices import load_tree


async def ground_of(unit: UnitOfWork, member_id: UUID, right: Right, union: NetworkUnion) -> Ground | None:
    """Why the member may, or None. The founder, who is the last to leave and never kept out, always does."""
    if member_id == union.head_id:
        return FOUNDERS_GROUND
    if not await holds_any(unit, union.id, [member_id]):
        return None
    tree = await load_tree(unit, union.id, union.head_id)
    return tree.ground(member_id, right, unit.now)


async def may(unit: UnitOfWork, member_id: UUID, right: Right, union: NetworkUnion) -> bool:
    """Whether they have it by now."""
    return await ground_of(unit, member_id, right, union) is not None


async def holders_of(unit: UnitOfWork, right: Right, union: NetworkUnion) -> list[UUID]:
    """The founder, and the officers who have it by now: as many as hold offices, at most. In order of ids."""
    tree = await load_tree(unit, union.id, union.head_id)
    officers = {one for one in tree.holdings_of_members if tree.ground(one, right, unit.now) is not None}
    return sorted(officers | {union.head_id})


def officer_with(right: Right) -> str:
    """Who may what this right lets one do, in words."""
    return f"the founder, or an officer with the right {right.value},"
