"""Leave a union; with its last member, the founder, the union ends."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import Membership, Role, leave
from services.identity.domain.union import NetworkUnion, dissolve
from services.identity.settings import IdentitySettings
from services.identity.store import charters, memberships, unions
from services.identity.use_cases.change_membership import change_membership, hold_union
from services.identity.use_cases.publish_state import publish_union


async def leave_union(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> Membership:
    """The membership after leaving; a repeat changes nothing.

    Raises UnionNotFound, NotAMember, FounderCannotLeave.
    """
    found = await hold_union(unit, union, member_id)
    # Nobody joins while its head goes: joining holds the union too.
    others = await memberships.active_members(unit, found.id) - 1 if found.head_id == member_id else 0
    present = await memberships.membership_of(unit, found.id, member_id, lock=True)
    left = leave(present, others, unit.now)
    assert present is not None
    if left is present:
        return left
    if left.role is Role.FOUNDER:
        await _dissolve(unit, found)
    unit.record_act(
        "leave",
        f"unions/{found.id}/memberships/{member_id}",
        {"version": left.version, "state": left.state.value},
        union_id=found.id,
        charter_version=found.charter_version,
    )
    await change_membership(unit, settings, present, left, member_id)
    return left


async def _dissolve(unit: UnitOfWork, union: NetworkUnion) -> None:
    ended = dissolve(union)
    await unions.save_union(unit, ended)
    adopted = await charters.charter_version(unit, union.id, union.charter_version)
    assert adopted is not None
    publish_union(unit, ended, adopted.charter)
