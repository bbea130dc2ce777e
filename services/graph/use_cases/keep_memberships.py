"""Keep who is in which union, and let the graph count them from now on, or no more."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from chassis.membership import keep_membership
from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState
from services.graph.store.change_log import open_log, write_log
from services.graph.store.members import note_memberships


async def keep_memberships(unit: UnitOfWork, events: Sequence[MembershipState]) -> None:
    """One round for each union, in the order of their ids, so that two batches never wait crosswise."""
    raw = await unit.raw()
    members_of: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for event in events:
        await keep_membership(raw, event)
        members_of[event.union_id].add(event.member_id)
    for union_id in sorted(members_of):
        log = await open_log(raw, union_id)
        await note_memberships(raw, log, members_of[union_id])
        await write_log(raw, log, unit.now)
