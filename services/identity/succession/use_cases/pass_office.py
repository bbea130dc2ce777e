"""The founder's office passes: one head before, one after, and every process knows it within a second."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import pass_role
from services.identity.domain.union import NetworkUnion, under_head
from services.identity.settings import IdentitySettings
from services.identity.store import charters, memberships, unions
from services.identity.succession.domain.heir import Heir, Succession, Way
from services.identity.succession.store import heirs
from services.identity.succession.use_cases.name_heir import MEET_CLAIM
from services.identity.succession.use_cases.union_of_heir import record, tell
from services.identity.use_cases.change_membership import change_membership
from services.identity.use_cases.publish_state import publish_union


async def pass_office(
    unit: UnitOfWork, settings: IdentitySettings, union: NetworkUnion, heir: Heir, way: Way, by: UUID
) -> NetworkUnion:
    """The union, which is locked, under its new head. Offices that were given stay; who was the head is a
    member like others. Raises NotAMember where another change of theirs was first.
    """
    before_id, after_id = union.head_id, heir.member_id
    locked = {
        member_id: await memberships.membership_of(unit, union.id, member_id, lock=True)
        for member_id in sorted((before_id, after_id))
    }
    old, new = locked[before_id], locked[after_id]
    assert old is not None and new is not None
    succeeded = under_head(union, after_id)
    adopted = await charters.charter_version(unit, union.id, union.charter_version)
    assert adopted is not None
    await unions.save_union(unit, succeeded)
    publish_union(unit, succeeded, adopted.charter)
    await unit.cancel_timer(MEET_CLAIM, str(union.id))
    await heirs.remove_heir(unit, union.id)
    await heirs.add_succession(unit, Succession(union.id, unit.ids.new(), before_id, after_id, way, unit.now))
    record(
        unit, union, "founder" if way is Way.HANDED_OVER else "heir", {"head_id": after_id, "way": way.value}
    )
    for whom in (before_id, after_id):
        if whom != by:
            await tell(unit, settings, union, whom, "succession.passed", by)
    member, head = pass_role(old, new, unit.now)
    await change_membership(unit, settings, new, head, by)
    # Last: the head of the log is locked until the commit.
    await change_membership(unit, settings, old, member, by)
    return succeeded
