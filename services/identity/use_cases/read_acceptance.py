"""What a member is asked to accept, and how many have."""

from dataclasses import dataclass

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import AcceptanceState, Asking, acceptance_state
from services.identity.domain.membership import Membership, MembershipState
from services.identity.store import acceptances
from services.identity.store.acceptances import AcceptanceCount
from services.identity.use_cases.find_union import union_of


@dataclass(frozen=True, slots=True)
class OwnAcceptance:
    """`asking`: what the state is about; None where nothing is asked beyond what was accepted. No state: of a
    membership that ended, or is suspended for something else."""

    state: AcceptanceState | None
    asking: Asking | None


async def read_own_acceptance(unit: UnitOfWork, membership: Membership) -> OwnAcceptance:
    if membership.state is not MembershipState.ACTIVE and not membership.is_silent:
        return OwnAcceptance(None, None)
    asking = await acceptances.most_pressing(unit, membership.union_id, membership.charter_version)
    return OwnAcceptance(acceptance_state(membership, asking, unit.now), asking)


async def count_acceptances(unit: UnitOfWork, union: str) -> tuple[Asking | None, AcceptanceCount]:
    """Of the newest material version; without one, all members have accepted. Raises UnionNotFound."""
    found = await union_of(unit, union)
    asking = await acceptances.newest_asking(unit, found.id)
    version = 1 if asking is None else asking.charter_version
    return asking, await acceptances.count_accepted(unit, found.id, version)
