"""Write what an exclusion makes of a membership: counted, published, and known everywhere within a second."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import Membership, MembershipState
from services.identity.offices.use_cases.follow_membership import follow_membership
from services.identity.store import memberships, revocations
from services.identity.use_cases.publish_state import publish_membership

OUT = (MembershipState.SUSPENDED, MembershipState.EXPELLED)


async def change_membership(unit: UnitOfWork, before: Membership, after: Membership, by: UUID) -> None:
    """`before` is locked by the caller; `by`: whose doing it is. The same one changes nothing."""
    if after is before:
        return
    active_change = _active(after) - _active(before)
    if not await memberships.save_membership(unit, after, active_change):
        raise NotAMember(before.state.value)
    publish_membership(unit, after)
    await follow_membership(unit, after, by)
    if after.state in OUT:
        # Last: the head of the log is locked until the commit.
        await revocations.record_ended_membership(
            unit, after.union_id, after.member_id, after.version, after.state.value
        )


def _active(membership: Membership) -> int:
    return 1 if membership.state is MembershipState.ACTIVE else 0
