"""Tell services who holds which rights after a change, and the log whose rights have shrunk."""

from collections.abc import Sequence
from uuid import UUID

from chassis.rights.grants import Grant
from chassis.rights.projection import grants_told
from chassis.unit_of_work import UnitOfWork
from events.identity import OfficeGrantState
from services.identity.offices.domain.tree import OfficeTree
from services.identity.offices.store.grants import keep_told, told_grants, told_of
from services.identity.offices.store.offices import load_tree
from services.identity.store.revocations import record_ended_rights


async def tell_grants(unit: UnitOfWork, union_id: UUID, head_id: UUID) -> OfficeTree:
    """Whoever's rights differ from what was told last gets a new version; the tree as it is now.

    Call it last: what has shrunk is in the log of revocations, whose head stays locked until the commit.
    """
    tree = await load_tree(unit, union_id, head_id)
    told = await told_grants(unit, union_id)
    shrunk: list[tuple[UUID, int]] = []
    for member_id in sorted(told.keys() | tree.holdings_of_members.keys()):
        grants = tree.grants_of(member_id, unit.now)
        before = told.get(member_id)
        if before is None:
            if not grants:
                continue
            before = await told_of(unit, union_id, member_id)
        if grants == before.grants:
            continue
        event = grants_event(union_id, member_id, before.version + 1, grants)
        await keep_told(unit, event)
        unit.publish(event)
        if before.has_shrunk(grants, unit.now):
            shrunk.append((member_id, event.version))
    for member_id, version in shrunk:
        await record_ended_rights(unit, union_id, member_id, version)
    return tree


def grants_event(union_id: UUID, member_id: UUID, version: int, grants: Sequence[Grant]) -> OfficeGrantState:
    return OfficeGrantState(
        union_id=union_id,
        member_id=member_id,
        version=version,
        grants=grants_told(grants),
    )
