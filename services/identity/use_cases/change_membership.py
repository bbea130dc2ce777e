"""Write what became of a membership: counted, published, followed by what rests on it, known soon."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.applications import withdraw_open
from services.identity.admission.store.proofs import let_go, rest_again
from services.identity.businesses.use_cases.follow_membership import follow_in_businesses
from services.identity.businesses.use_cases.tell_grants import record_shrunk
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import Membership, MembershipState, Role
from services.identity.domain.union import NetworkUnion
from services.identity.offices.store.holdings import holds_any
from services.identity.offices.use_cases.follow_membership import follow_memberships
from services.identity.settings import IdentitySettings
from services.identity.store import memberships, revocations, unions
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.publish_state import publish_membership

OUT = frozenset({MembershipState.LEFT, MembershipState.SUSPENDED, MembershipState.EXPELLED})


async def hold_union(unit: UnitOfWork, union: str, member_id: UUID) -> NetworkUnion:
    """Before the membership of a member who changes it: shared with all who join, accept and leave; who holds
    its head or an office has it alone, as others' rights rest on theirs.

    Raises UnionNotFound.
    """
    found = await union_of(unit, union)
    if not await _is_rested_on(unit, found, member_id):
        found = await union_of(unit, str(found.id), unions.share_union)
        if not await _is_rested_on(unit, found, member_id):  # nor was it passed to them meanwhile
            return found
    return await union_of(unit, str(found.id), unions.lock_union)


async def _is_rested_on(unit: UnitOfWork, union: NetworkUnion, member_id: UUID) -> bool:
    return union.head_id == member_id or await holds_any(unit, union.id, [member_id])


async def change_membership(
    unit: UnitOfWork, settings: IdentitySettings, before: Membership, after: Membership, by: UUID
) -> None:
    """`before` is locked by the caller, an officer's union before it; `by`: whose doing it is. The same one
    changes nothing. Raises NotAMember where another change was first.
    """
    if after is before:
        return
    active_change = _active(after) - _active(before)
    if not await memberships.save_membership(unit, after, active_change):
        raise NotAMember(before.state.value)
    publish_membership(unit, after)
    if after.state is not before.state:
        shrunk = await follow_in_businesses(unit, settings, after, by)  # businesses before the log
        await follow_memberships(unit, settings, [after], by)
        await record_shrunk(unit, shrunk)
        if before.state is MembershipState.EXPELLED and after.state is not MembershipState.LEFT:
            await rest_again(unit, after.union_id, after.member_id)
        await follow_ended(unit, [after])
    elif before.role is Role.FOUNDER and after.role is not Role.FOUNDER:
        await revocations.record_ended_memberships(unit, [after])


async def follow_ended(unit: UnitOfWork, changed: Sequence[Membership]) -> None:
    """Of one union: who is out is not admitted by what they asked before, and everybody knows that they are.

    Call it last: the head of the log is locked until the commit.
    """
    ended = [one for one in changed if one.state in OUT]
    if ended:
        await withdraw_open(unit, ended[0].union_id, [one.member_id for one in ended])
        gone = [one.member_id for one in ended if one.state is not MembershipState.SUSPENDED]
        if gone:
            await let_go(unit, ended[0].union_id, gone)
        await revocations.record_ended_memberships(unit, ended)


def _active(membership: Membership) -> int:
    return 1 if membership.state is MembershipState.ACTIVE else 0
