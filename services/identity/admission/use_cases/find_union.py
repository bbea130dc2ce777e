"""The union that somebody means, for who admits there."""

from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import InvitationListNotFound
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.store import lists
from services.identity.domain.errors import FounderOnly, UnionNotFound
from services.identity.domain.union import NetworkUnion
from services.identity.offices.use_cases.may import may, officer_with
from services.identity.store import unions


async def union_of(unit: UnitOfWork, union: str, *, hold: bool = False) -> NetworkUnion:
    """`hold`: nothing of the union changes meanwhile; it is held before all else. Raises UnionNotFound."""
    found = await (unions.share_union if hold else unions.union_named)(unit, union)
    if found is None:
        raise UnionNotFound(union)
    return found


async def union_of_admitter(
    unit: UnitOfWork, union: str, member_id: UUID, act: str, *, hold: bool = False
) -> NetworkUnion:
    """Raises UnionNotFound, FounderOnly."""
    found = await union_of(unit, union, hold=hold)
    if not await may(unit, member_id, Right.ADMIT, found):
        raise FounderOnly(act, officer_with(Right.ADMIT))
    return found


async def list_of_admitter(
    unit: UnitOfWork, union: str, member_id: UUID, list_id: UUID, *, lock: bool = False
) -> tuple[NetworkUnion, InvitationList]:
    """Raises UnionNotFound, FounderOnly, InvitationListNotFound."""
    found = await union_of_admitter(unit, union, member_id, "look at lists of people")
    listed = await lists.find_list(unit, found.id, list_id, lock=lock)
    if listed is None:
        raise InvitationListNotFound(list_id)
    return found, listed
