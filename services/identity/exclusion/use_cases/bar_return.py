"""Who left while suspended does not come back before that is over."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MembershipBarred
from services.identity.domain.membership import Membership, MembershipState
from services.identity.exclusion.store.suspensions import running_suspension


async def check_not_barred(unit: UnitOfWork, union_id: UUID, previous: Membership | None) -> None:
    """Raises MembershipBarred."""
    if previous is None or previous.state is not MembershipState.LEFT:
        return
    if await running_suspension(unit, union_id, previous.member_id) is not None:
        raise MembershipBarred(MembershipState.SUSPENDED.value)
